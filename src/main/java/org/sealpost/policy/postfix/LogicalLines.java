package org.sealpost.policy.postfix;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Divides a file as Postfix does: a line that begins with white space continues the one before it,
 * also across comments and empty lines; a line whose first visible character is {@code #} is a
 * comment wherever it stands.
 */
public final class LogicalLines {

    private final Consumer<Piece> reader;
    private final List<Piece> waiting = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private int openedAt;

    private LogicalLines(Consumer<Piece> reader) {
        this.reader = reader;
    }

    /** A part of a file. */
    public sealed interface Piece {

        /** The physical line where it begins, from 1. */
        int line();

        /**
         * A logical line, its physical lines joined; begins with white space only where there is no
         * line that it could continue, which Postfix does not allow.
         */
        record Text(int line, String text) implements Piece {}

        /** A comment without its {@code #}. */
        record Comment(int line, String text) implements Piece {}

        /** An empty line. */
        record Blank(int line) implements Piece {}
    }

    /** Hands every piece to the reader, in the order of the file. */
    public static void read(String file, Consumer<Piece> reader) {
        var lines = new LogicalLines(reader);
        int number = 0;
        int start = 0;
        while (start < file.length()) {
            int end = file.indexOf('\n', start);
            int stop = end < 0 ? file.length() : end;
            lines.take(++number, file.substring(start, stop));
            start = stop + 1;
        }
        lines.close();
    }

    private void take(int number, String line) {
        int visible = 0;
        while (visible < line.length() && isSpace(line.charAt(visible))) {
            visible++;
        }
        if (visible == line.length()) {
            put(new Piece.Blank(number));
        } else if (line.charAt(visible) == '#') {
            put(new Piece.Comment(number, line.substring(visible + 1)));
        } else if (visible > 0 && !open.isEmpty()) {
            open.append(line);
        } else {
            close();
            open.append(line);
            openedAt = number;
        }
    }

    private void put(Piece piece) {
        if (open.isEmpty()) {
            reader.accept(piece);
        } else {
            waiting.add(piece);
        }
    }

    private void close() {
        if (!open.isEmpty()) {
            reader.accept(new Piece.Text(openedAt, open.toString()));
            open.setLength(0);
        }
        waiting.forEach(reader);
        waiting.clear();
    }

    /** White space as C's {@code isspace} knows it. */
    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}

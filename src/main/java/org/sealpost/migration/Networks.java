package org.sealpost.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sealpost.mail.Cidr;
import org.sealpost.policy.postfix.LogicalLines;
import org.sealpost.policy.postfix.LogicalLines.Piece;

/** The words of {@code mynetworks}. */
final class Networks {

    /** An IPv4 network in IPv6 dress, as Debian's default has it. */
    private static final Pattern MAPPED = Pattern.compile("(?i)::ffff:([0-9.]+)(?:/(\\d{1,3}))?");

    private Networks() {}

    /** The networks that a word means; empty when it is none, or a file that was not attached. */
    static Optional<List<String>> read(String word, PostfixFiles files) {
        if (word.startsWith("/")) {
            return files.attached(word).flatMap(text -> all(text, files));
        }
        String plain = word.replace("[", "").replace("]", "");
        Matcher mapped = MAPPED.matcher(plain);
        if (mapped.matches()) {
            int prefix = mapped.group(2) == null ? 128 : Integer.parseInt(mapped.group(2));
            plain = mapped.group(1) + "/" + (prefix - 96);
        }
        String network = plain;
        return Cidr.parse(network).map(_ -> List.of(network));
    }

    private static Optional<List<String>> all(String text, PostfixFiles files) {
        var networks = new ArrayList<String>();
        for (String line : keys(text)) {
            Optional<List<String>> read =
                    line.startsWith("/") ? Optional.empty() : read(line, files);
            if (read.isEmpty()) {
                return Optional.empty();
            }
            networks.addAll(read.get());
        }
        return Optional.of(networks);
    }

    /** The first word of each logical line. */
    static List<String> keys(String text) {
        var keys = new ArrayList<String>();
        LogicalLines.read(
                text,
                piece -> {
                    if (piece instanceof Piece.Text(_, String line)) {
                        keys.add(line.strip().split("\\s", 2)[0]);
                    }
                });
        return keys;
    }
}

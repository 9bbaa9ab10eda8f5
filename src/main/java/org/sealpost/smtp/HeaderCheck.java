package org.sealpost.smtp;

/** Counts the {@code Received:} lines of a message's header, to end loops (RFC 5321 §6.3). */
final class HeaderCheck {

    private static final String RECEIVED = "Received:";

    private final int mostReceived;
    private final StringBuilder begin = new StringBuilder(RECEIVED.length());
    private boolean over;
    private int received;

    HeaderCheck(int mostReceived) {
        this.mostReceived = mostReceived;
    }

    void text(byte octet) {
        if (!over && begin.length() < RECEIVED.length()) {
            begin.append((char) (octet & 0xff));
        }
    }

    void text(byte[] block, int from, int to) {
        for (int i = from; i < to && !over && begin.length() < RECEIVED.length(); i++) {
            text(block[i]);
        }
    }

    /** Called at each end of a line; true when there are too many. */
    boolean endOfLine() {
        over |= begin.isEmpty();
        boolean counts = begin.toString().equalsIgnoreCase(RECEIVED);
        begin.setLength(0);
        return !over && counts && ++received > mostReceived;
    }
}

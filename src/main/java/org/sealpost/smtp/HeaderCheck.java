package org.sealpost.smtp;

/**
 * Looks at a message's header as it passes: counts the {@code Received:} lines, to end loops (RFC
 * 5321 §6.3), and the octets, since what makes a bounce keeps the header in memory.
 */
final class HeaderCheck {

    static final int MOST_OCTETS = 1024 * 1024;

    private static final String RECEIVED = "Received:";

    private final int mostReceived;
    private final StringBuilder begin = new StringBuilder(RECEIVED.length());
    private boolean over;
    private int received;
    private int octets;

    HeaderCheck(int mostReceived) {
        this.mostReceived = mostReceived;
    }

    void text(byte octet) {
        if (!over) {
            octets++;
            if (begin.length() < RECEIVED.length()) {
                begin.append((char) (octet & 0xff));
            }
        }
    }

    void text(byte[] block, int from, int to) {
        if (over || from == to) {
            return;
        }
        int kept = Math.min(to - from, RECEIVED.length() - begin.length());
        for (int i = from; i < from + kept; i++) {
            begin.append((char) (block[i] & 0xff));
        }
        octets += to - from;
    }

    /** Called at each end of a line; notes in the message what is wrong. */
    void endOfLine(IncomingMessage message) {
        over |= begin.isEmpty();
        if (over) {
            return;
        }
        if (begin.toString().equalsIgnoreCase(RECEIVED) && ++received > mostReceived) {
            message.refuse(554, "5.4.6", "Error: too many hops");
        }
        begin.setLength(0);
        if (octets > MOST_OCTETS) {
            message.refuse(552, "5.3.4", "Error: message header too large");
        }
    }
}

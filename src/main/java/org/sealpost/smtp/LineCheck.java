package org.sealpost.smtp;

/**
 * Whether octets make lines that may be handed on: CRLF only, no NUL. What a chunk holds is sent on
 * by DATA, where anything else could end the message early (SMTP smuggling).
 */
final class LineCheck {

    private final HeaderCheck header;
    private boolean afterReturn;
    private boolean atStart = true;

    LineCheck(HeaderCheck header) {
        this.header = header;
    }

    /** Looks at the next octets; notes in the message what is wrong with them. */
    void look(byte[] block, int from, int to, IncomingMessage message) {
        int text = from;
        for (int at = from; at < to; at++) {
            byte octet = block[at];
            if (octet == 0) {
                message.refuse(550, "5.6.0", "Error: NUL in the message");
            }
            if (afterReturn != (octet == '\n')) {
                message.refuse(550, "5.6.11", "Error: bare CR or LF in the message");
            }
            if (octet == '\r' || octet == '\n') {
                header.text(block, text, at);
                text = at + 1;
            }
            if (octet == '\n') {
                header.endOfLine(message);
            }
            afterReturn = octet == '\r';
            atStart = octet == '\n';
        }
        header.text(block, text, to);
    }

    /** What is missing at the end of the last line. */
    byte[] missingEnd(IncomingMessage message) {
        if (afterReturn) {
            message.refuse(550, "5.6.11", "Error: bare CR or LF in the message");
        }
        return atStart ? new byte[0] : new byte[] {'\r', '\n'};
    }
}

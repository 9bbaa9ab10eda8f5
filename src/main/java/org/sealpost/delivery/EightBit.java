package org.sealpost.delivery;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Where a message has octets above 127, which not every server takes. */
record EightBit(boolean inHeader, boolean inBody) {

    /** Reads a message to its end; a client's word for it is often wrong. */
    static EightBit scan(InputStream message) throws IOException {
        boolean inHeader = false;
        boolean inBody = false;
        boolean body = false;
        int lineLength = 0;
        try (var in = new BufferedInputStream(message, 64 * 1024)) {
            for (int octet = in.read(); octet >= 0 && !inBody; octet = in.read()) {
                if (octet > 127) {
                    inHeader |= !body;
                    inBody |= body;
                }
                if (octet == '\n') {
                    body |= lineLength == 0;
                    lineLength = 0;
                } else if (octet != '\r') {
                    lineLength++;
                }
            }
        }
        return new EightBit(inHeader, inBody);
    }
}

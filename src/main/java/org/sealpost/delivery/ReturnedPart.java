package org.sealpost.delivery;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What of the original message a notice gives back: all of a short one, the headers of a long one
 * and of those whose sender asked for that (RFC 3461 §4.3).
 *
 * @param headers up to the empty line, which is not among them; a long one is cut at a line
 * @param eightBit whether what is given back is not all ASCII
 * @param utf8Headers whether the headers are UTF-8 beyond ASCII (RFC 6532)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ReturnedPart(boolean whole, byte[] headers, boolean eightBit, boolean utf8Headers) {

    /** The usual limit of mail servers for what is given back unasked. */
    private static final long LONGEST_UNASKED = 50_000;

    private static final int MOST_HEADER_OCTETS = 32 * 1024;

    /** Opens the message's bytes. */
    @FunctionalInterface
    interface Body {
        InputStream open() throws IOException;
    }

    static ReturnedPart of(Notice notice, Body body) throws IOException {
        String ret = notice.message().envelope().ret();
        boolean whole =
                notice.kind() == Notice.Kind.FAILED
                        && !"HDRS".equals(ret)
                        && ("FULL".equals(ret) || notice.message().size() <= LONGEST_UNASKED);
        try (InputStream in = new BufferedInputStream(body.open())) {
            byte[] headers = headers(in);
            boolean headersAscii = isAscii(headers, headers.length);
            return new ReturnedPart(
                    whole,
                    headers,
                    !headersAscii || (whole && !isAscii(in)),
                    !headersAscii && isUtf8(headers));
        }
    }

    String contentType() {
        if (whole) {
            return utf8Headers ? "message/global" : "message/rfc822";
        }
        return utf8Headers ? "message/global-headers" : "text/rfc822-headers";
    }

    InputStream open(Body body) throws IOException {
        return whole ? body.open() : new ByteArrayInputStream(headers);
    }

    private static byte[] headers(InputStream in) throws IOException {
        var headers = new ByteArrayOutputStream();
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (c == '\n') {
                if (line.size() <= 2 || headers.size() + line.size() > MOST_HEADER_OCTETS) {
                    break;
                }
                line.writeTo(headers);
                line.reset();
            } else if (line.size() > MOST_HEADER_OCTETS) {
                break;
            }
        }
        return headers.toByteArray();
    }

    private static boolean isAscii(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (!isAscii(buffer, read)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException otherwise) {
            return false;
        }
    }
}

package org.sealpost.certificate.reading;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the blocks of a text in PEM (RFC 7468), whatever else stands around them. */
final class PemBlocks {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 #.]{1,64})-----");

    /**
     * One block.
     *
     * @param label e.g. {@code CERTIFICATE}
     * @param body what stands between its two lines
     */
    record Block(String label, String body) {

        /** The whole block again, tidied. */
        String text() {
            return "-----BEGIN "
                    + label
                    + "-----\n"
                    + body.strip()
                    + "\n-----END "
                    + label
                    + "-----\n";
        }

        byte[] der() {
            try {
                return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
            } catch (IllegalArgumentException e) {
                throw Unreadable.damaged(label.toLowerCase(Locale.ROOT));
            }
        }
    }

    private PemBlocks() {}

    static boolean areIn(byte[] bytes) {
        return text(bytes).contains("-----BEGIN ");
    }

    static List<Block> of(byte[] bytes) {
        String text = text(bytes);
        var blocks = new ArrayList<Block>();
        Matcher begin = BEGIN.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            String label = begin.group(1);
            int end = text.indexOf("-----END " + label + "-----", begin.end());
            if (end < 0) {
                throw Unreadable.damaged(label.toLowerCase(Locale.ROOT));
            }
            blocks.add(new Block(label, text.substring(begin.end(), end)));
            from = end;
        }
        return blocks;
    }

    /** Windows' editors save text as UTF-16 with a mark in front. */
    private static String text(byte[] bytes) {
        boolean utf16 =
                bytes.length > 1
                        && ((bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE)
                                || (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF));
        Charset charset = utf16 ? StandardCharsets.UTF_16 : StandardCharsets.ISO_8859_1;
        return new String(bytes, charset);
    }
}

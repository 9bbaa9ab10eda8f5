package org.sealpost.policy.postfix;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The characters of an uploaded file. */
public final class FileText {

    private FileText() {}

    /**
     * Reads UTF-8, with or without a byte order mark, and anything that is not UTF-8 as Latin-1.
     */
    public static String of(byte[] file) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
        } catch (CharacterCodingException older) {
            text = new String(file, StandardCharsets.ISO_8859_1);
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}

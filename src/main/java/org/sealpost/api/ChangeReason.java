package org.sealpost.api;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.policy.postfix.FileText;

/** Why a change is made, for the audit: a header, since a DELETE has no body. */
final class ChangeReason {

    static final String HEADER = "X-Change-Reason";

    private static final int LONGEST = 500;

    private ChangeReason() {}

    /** The reason, or null when none was given; UTF-8 or Latin-1 (RFC 9110 §5.5 leaves it open). */
    static @Nullable String read(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return null;
        }
        String reason = FileText.of(header.getBytes(StandardCharsets.ISO_8859_1)).strip();
        if (reason.length() > LONGEST) {
            throw new InvalidInput(
                    HEADER, "The reason is longer than " + LONGEST + " characters.", "Shorten it.");
        }
        return reason;
    }
}

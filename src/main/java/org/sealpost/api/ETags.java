package org.sealpost.api;

import org.jspecify.annotations.Nullable;

/** Versions as {@code ETag} and {@code If-Match} carry them (RFC 9110 §13.1.1). */
final class ETags {

    private ETags() {}

    static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * The version a write is based on; null when any will do; -1 for a tag that is none of ours.
     */
    static @Nullable Long version(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return null;
        }
        String digits = ifMatch.strip().replaceFirst("^W/", "").replace("\"", "");
        return digits.matches("\\d{1,18}") ? Long.valueOf(digits) : Long.valueOf(-1);
    }
}

package org.sealpost.migration;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of a Postfix installation, as far as they were handed over.
 *
 * @param mainCf the text of {@code main.cf}; null when it was not given, as for the others
 * @param attached files that those name, by base name
 */
public record PostfixFiles(
        @Nullable String mainCf,
        @Nullable String masterCf,
        @Nullable String tlsPolicy,
        @Nullable String transport,
        Map<String, String> attached) {

    public PostfixFiles {
        attached = Map.copyOf(attached);
    }

    public static PostfixFiles mainCf(String text) {
        return new PostfixFiles(text, null, null, null, Map.of());
    }

    /** The attached file that a path means. */
    Optional<String> attached(String path) {
        return Optional.ofNullable(attached.get(baseName(path)));
    }

    /** The last part of a path, also of one that a browser on Windows sent. */
    public static String baseName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /** A reference to a table, e.g. {@code hash:/etc/postfix/tls_policy}. */
    record Table(String type, String path) {

        static Table of(String reference) {
            String text = reference.startsWith("proxy:") ? reference.substring(6) : reference;
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Table("", text)
                    : new Table(
                            text.substring(0, colon).toLowerCase(Locale.ROOT),
                            text.substring(colon + 1));
        }

        /** Whether its source is a file of keys and values. */
        boolean isText() {
            return switch (type) {
                case "hash", "btree", "dbm", "cdb", "lmdb", "sdbm", "texthash" -> true;
                default -> false;
            };
        }
    }
}

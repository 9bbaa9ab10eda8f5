package org.sealpost.migration;

import java.util.List;
import java.util.regex.Pattern;
import org.sealpost.mail.InvalidInput;
import org.sealpost.tls.Protocols;

/**
 * A protocol list of Postfix as it is kept here.
 *
 * @param text what is stored
 * @param obsolete whether the list leaves only versions that this runtime cannot offer; it is then
 *     never applied as a cap
 */
record ProtocolText(String text, boolean obsolete) {

    private static final String SAFE = ">=TLSv1.2";

    private static final Pattern WORDS =
            Pattern.compile(
                    "(?i)(([<>]=)(none|sslv3|tlsv1(\\.[123])?|(0x)?[0-9a-f]{4})"
                            + "|!?(sslv[23]|tlsv1(\\.[123])?))");

    /** What says by itself where the range begins, or asks for an old version. */
    private static final Pattern LOWER_END =
            Pattern.compile("(?i)>=.*|[^!<>].*|<=(none|sslv3|tlsv1|tlsv1\\.1)");

    static ProtocolText of(String written) {
        List<String> tokens =
                List.of(written.strip().split("[\\s,:]+")).stream()
                        .filter(token -> !token.isEmpty())
                        .toList();
        if (!tokens.stream().allMatch(token -> WORDS.matcher(token).matches())) {
            return new ProtocolText(written, false); // refused when it is checked
        }
        String kept = String.join(":", tokens);
        if (tokens.stream().noneMatch(token -> LOWER_END.matcher(token).matches())) {
            // "!SSLv2" never asked for TLS 1.0, and must not mean it when legacy is allowed.
            kept = SAFE + (tokens.isEmpty() ? "" : ":" + kept);
        }
        try {
            List<String> versions = Protocols.parse("protocols", kept).versions();
            boolean everythingSafe = versions.equals(Protocols.parse("", SAFE).versions());
            return new ProtocolText(everythingSafe ? SAFE : kept, false);
        } catch (InvalidInput nothingLeft) {
            return new ProtocolText(SAFE, true);
        }
    }
}

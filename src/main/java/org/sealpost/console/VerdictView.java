package org.sealpost.console;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.VerdictDocument;
import org.sealpost.tls.VerdictDocument.CertificateDocument;
import org.sealpost.tls.VerdictDocument.CheckDocument;

/**
 * A verdict as pages explain it.
 *
 * @param tone {@code good}, {@code warn} or {@code bad}
 * @param title the outcome in a few words
 * @param session protocol and cipher; null without TLS
 * @param remedy empty when there is nothing to do
 */
public record VerdictView(
        String tone,
        String title,
        @Nullable String code,
        String level,
        @Nullable String matchedKey,
        @Nullable String status,
        @Nullable String session,
        List<Check> checks,
        List<Link> chain,
        String explanation,
        String remedy) {

    private static final Map<String, String> NAMES =
            Map.of(
                    "connect", "Connection",
                    "starttls", "STARTTLS",
                    "handshake", "TLS handshake",
                    "protocol", "Protocol",
                    "cipher", "Cipher",
                    "chain", "Chain of trust",
                    "validity", "Validity",
                    "name", "Name",
                    "pin", "Pinned fingerprint");

    /**
     * A check.
     *
     * @param result {@code pass}, {@code warn}, {@code fail} or {@code skip}
     */
    public record Check(String name, String result, String expected, String seen) {}

    /** A certificate of the chain that was presented. */
    public record Link(
            String subject,
            String issuer,
            When ends,
            boolean over,
            Map<String, String> fingerprints) {}

    static VerdictView of(VerdictDocument verdict, Instant now) {
        return new VerdictView(
                switch (verdict.outcome()) {
                    case "deliver-encrypted" -> "good";
                    case "deliver-clear" -> "warn";
                    default -> "bad";
                },
                switch (verdict.outcome()) {
                    case "deliver-encrypted" -> "May go out, encrypted";
                    case "deliver-clear" -> "May go out in clear text";
                    case "bounce" -> "Returned to the sender";
                    default -> "The mail waits";
                },
                verdict.code(),
                verdict.level().word(),
                verdict.matchedKey(),
                verdict.status(),
                verdict.protocol() == null
                        ? null
                        : verdict.protocol()
                                + (verdict.cipher() == null ? "" : ", " + verdict.cipher()),
                verdict.checks().stream().map(VerdictView::check).toList(),
                verdict.chain().stream().map(link -> link(link, now)).toList(),
                verdict.explanation(),
                verdict.remedy());
    }

    private static Check check(CheckDocument check) {
        return new Check(
                NAMES.getOrDefault(check.name(), check.name()),
                check.result(),
                check.expected(),
                check.seen());
    }

    private static Link link(CertificateDocument link, Instant now) {
        return new Link(
                link.subject(),
                link.issuer(),
                When.of(link.notAfter(), now),
                link.notAfter().isBefore(now),
                link.fingerprints());
    }
}

package org.sealpost.selftest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.PresentedCertificate;
import org.sealpost.tls.VerdictDocument;

/** What got worse from one test to the next. */
final class Worsening {

    /** A certificate is usually renewed within its last month. */
    private static final Duration RENEWAL = Duration.ofDays(30);

    private static final Duration SOON = Duration.ofDays(14);
    private static final String ENDS = "The certificate ends on ";
    private static final List<String> OUTCOMES =
            List.of("", "defer", "deliver-clear", "deliver-encrypted");
    private static final List<String> PROTOCOLS =
            List.of("", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private Worsening() {}

    /** A sentence for each change for the worse. */
    static List<String> between(Report before, Report after, Instant now) {
        var worse = new ArrayList<String>();
        String outcome = outcome(after);
        if (OUTCOMES.indexOf(outcome) < OUTCOMES.indexOf(outcome(before))) {
            worse.add(
                    switch (outcome) {
                        case "deliver-clear" -> "Mail would now go out in clear text.";
                        default -> "Mail would now wait: " + after.summary();
                    });
        }
        String protocol = protocol(after);
        String known = protocol(before);
        if (!known.isEmpty() && protocol.isEmpty() && after.verdict() != null) {
            worse.add("TLS is gone; it was " + known + " before.");
        } else if (!protocol.isEmpty() && PROTOCOLS.indexOf(protocol) < PROTOCOLS.indexOf(known)) {
            worse.add("The TLS version fell from " + known + " to " + protocol + ".");
        }
        certificate(before, after, now).ifPresent(worse::add);
        String grade = after.grade();
        String last = before.grade();
        if (grade != null && last != null && grade.compareTo(last) > 0) {
            worse.add("The grade fell from " + last + " to " + grade + ".");
        }
        return worse;
    }

    private static Optional<String> certificate(Report before, Report after, Instant now) {
        PresentedCertificate old = leaf(before);
        PresentedCertificate shown = leaf(after);
        if (old == null || shown == null) {
            return Optional.empty();
        }
        if (!old.fingerprints().equals(shown.fingerprints())
                && !old.fingerprints().publicKey().equals(shown.fingerprints().publicKey())
                && old.notAfter().isAfter(now.plus(RENEWAL))) {
            return Optional.of(
                    "The certificate and its key were changed though the old one is valid until "
                            + old.notAfter()
                            + ".");
        }
        return shown.notAfter().isBefore(now.plus(SOON)) && !isTold(before)
                ? Optional.of(ENDS + shown.notAfter() + ".")
                : Optional.empty();
    }

    private static boolean isTold(Report before) {
        return before.worse().stream().anyMatch(text -> text.startsWith(ENDS));
    }

    private static @Nullable PresentedCertificate leaf(Report report) {
        return report.targets().stream()
                .flatMap(target -> target.chain().stream().limit(1))
                .findFirst()
                .orElse(null);
    }

    private static String outcome(Report report) {
        VerdictDocument verdict = report.verdict();
        return verdict == null ? "" : verdict.outcome();
    }

    private static String protocol(Report report) {
        VerdictDocument verdict = report.verdict();
        return verdict == null || verdict.protocol() == null ? "" : verdict.protocol();
    }
}

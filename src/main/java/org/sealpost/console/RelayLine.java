package org.sealpost.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.smtp.RelayCertificate;

/** A client certificate that may relay, in one line of a form. */
final class RelayLine {

    private static final Pattern FORM = Pattern.compile("(\\S+)(.*?)(?:\\s+until\\s+(\\S+))?");

    private RelayLine() {}

    static String of(RelayCertificate one) {
        return one.fingerprint()
                + (one.name() == null ? "" : " " + one.name())
                + (one.expiresAt() == null ? "" : " until " + one.expiresAt());
    }

    /** Reads a line; notes what cannot be read. A day counts to its end. */
    static RelayCertificate parse(String line, List<Problem> problems) {
        Matcher matcher = FORM.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("an empty line");
        }
        String name = matcher.group(2).strip();
        String until = matcher.group(3);
        Instant end = null;
        try {
            end =
                    until == null
                            ? null
                            : until.contains("T")
                                    ? Instant.parse(until)
                                    : LocalDate.parse(until)
                                            .plusDays(1)
                                            .atStartOfDay(ZoneOffset.UTC)
                                            .toInstant();
        } catch (DateTimeException unreadable) {
            problems.add(
                    new Problem(
                            "clientCertificateRelay",
                            "“" + until + "” is not a day.",
                            "Write sha256:AA:BB.. Partner Ltd until 2027-12-31."));
        }
        return new RelayCertificate(matcher.group(1), name.isEmpty() ? null : name, end);
    }
}

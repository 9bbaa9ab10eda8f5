package org.sealpost.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.smtp.ListenerSettings;
import org.sealpost.smtp.ListenerSettings.Limits;

/**
 * A listener as the form edits it; lists have one entry per line.
 *
 * @param clientCertificateRelay {@code sha256:AA:BB.. Partner Ltd until 2027-12-31}, one a line
 * @param version what the change is based on
 */
public record ListenerForm(
        @Nullable String port,
        @Nullable String address,
        @Nullable String level,
        @Nullable Boolean implicitTls,
        @Nullable String protocols,
        @Nullable String ciphers,
        @Nullable String clientCertificate,
        @Nullable Boolean authRequired,
        @Nullable String excludeCiphers,
        @Nullable String groups,
        @Nullable Boolean receivedTlsHeader,
        @Nullable String sessionCacheSeconds,
        @Nullable String logLevel,
        @Nullable String proxyPeers,
        @Nullable String clientCertificateRelay,
        @Nullable String commandTimeoutSeconds,
        @Nullable String maxRecipients,
        @Nullable String maxErrors,
        @Nullable String maxMessageBytes,
        @Nullable String maxReceivedHeaders,
        @Nullable String maxSessions,
        @Nullable String maxSessionsPerAddress,
        @Nullable String maxTlsSessionsPerMinute,
        @Nullable String maxMessagesPerMinute,
        @Nullable Long version) {

    static ListenerForm of(ListenerSettings now, long version) {
        Limits limits = now.limits();
        return new ListenerForm(
                String.valueOf(now.port()),
                now.address(),
                now.level(),
                now.implicitTls(),
                now.protocols(),
                now.ciphers(),
                now.clientCertificate(),
                now.authRequired(),
                now.excludeCiphers(),
                String.join("\n", now.groups()),
                now.receivedTlsHeader(),
                String.valueOf(now.sessionCacheSeconds()),
                String.valueOf(now.logLevel()),
                String.join("\n", now.proxyPeers()),
                now.clientCertificateRelay().stream()
                        .map(RelayLine::of)
                        .collect(Collectors.joining("\n")),
                String.valueOf(limits.commandTimeoutSeconds()),
                String.valueOf(limits.maxRecipients()),
                String.valueOf(limits.maxErrors()),
                String.valueOf(limits.maxMessageBytes()),
                String.valueOf(limits.maxReceivedHeaders()),
                String.valueOf(limits.maxSessions()),
                String.valueOf(limits.maxSessionsPerAddress()),
                text(limits.maxTlsSessionsPerMinute()),
                text(limits.maxMessagesPerMinute()),
                version);
    }

    /**
     * What the form asks for.
     *
     * @param present what it does not edit stays as it is
     * @throws InvalidInput with everything that cannot be read
     */
    ListenerSettings toSettings(ListenerSettings present) {
        var numbers = new Numbers();
        var wanted =
                new ListenerSettings(
                        present.name(),
                        (int) numbers.read("port", port),
                        text(address),
                        text(level),
                        Boolean.TRUE.equals(implicitTls),
                        present.certificateIds(),
                        text(protocols),
                        text(ciphers),
                        text(clientCertificate),
                        Boolean.TRUE.equals(authRequired),
                        text(excludeCiphers),
                        lines(groups),
                        Boolean.TRUE.equals(receivedTlsHeader),
                        (int) numbers.read("sessionCacheSeconds", sessionCacheSeconds),
                        (int) numbers.read("logLevel", logLevel),
                        lines(proxyPeers),
                        lines(clientCertificateRelay).stream()
                                .map(line -> RelayLine.parse(line, numbers.problems))
                                .toList(),
                        new Limits(
                                (int) numbers.read("commandTimeoutSeconds", commandTimeoutSeconds),
                                (int) numbers.read("maxRecipients", maxRecipients),
                                (int) numbers.read("maxErrors", maxErrors),
                                numbers.read("maxMessageBytes", maxMessageBytes),
                                (int) numbers.read("maxReceivedHeaders", maxReceivedHeaders),
                                (int) numbers.read("maxSessions", maxSessions),
                                (int) numbers.read("maxSessionsPerAddress", maxSessionsPerAddress),
                                numbers.readOptional(
                                        "maxTlsSessionsPerMinute", maxTlsSessionsPerMinute),
                                numbers.readOptional(
                                        "maxMessagesPerMinute", maxMessagesPerMinute)));
        if (!numbers.problems.isEmpty()) {
            throw new InvalidInput(numbers.problems);
        }
        return wanted;
    }

    /** What was sent, by name, to be sent again. */
    Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("port", text(port));
        fields.put("address", text(address));
        fields.put("level", text(level));
        fields.put("implicitTls", String.valueOf(Boolean.TRUE.equals(implicitTls)));
        fields.put("protocols", text(protocols));
        fields.put("ciphers", text(ciphers));
        fields.put("clientCertificate", text(clientCertificate));
        fields.put("authRequired", String.valueOf(Boolean.TRUE.equals(authRequired)));
        fields.put("excludeCiphers", text(excludeCiphers));
        fields.put("groups", text(groups));
        fields.put("receivedTlsHeader", String.valueOf(Boolean.TRUE.equals(receivedTlsHeader)));
        fields.put("sessionCacheSeconds", text(sessionCacheSeconds));
        fields.put("logLevel", text(logLevel));
        fields.put("proxyPeers", text(proxyPeers));
        fields.put("clientCertificateRelay", text(clientCertificateRelay));
        fields.put("commandTimeoutSeconds", text(commandTimeoutSeconds));
        fields.put("maxRecipients", text(maxRecipients));
        fields.put("maxErrors", text(maxErrors));
        fields.put("maxMessageBytes", text(maxMessageBytes));
        fields.put("maxReceivedHeaders", text(maxReceivedHeaders));
        fields.put("maxSessions", text(maxSessions));
        fields.put("maxSessionsPerAddress", text(maxSessionsPerAddress));
        fields.put("maxTlsSessionsPerMinute", text(maxTlsSessionsPerMinute));
        fields.put("maxMessagesPerMinute", text(maxMessagesPerMinute));
        fields.put("version", text(version));
        return fields;
    }

    /** Reads the numbers of the form and gathers what is none. */
    private static final class Numbers {
        private final List<Problem> problems = new ArrayList<>();

        long read(String field, @Nullable String written) {
            String text = text(written);
            if (text.matches("\\d{1,9}") || (text.matches("\\d{1,12}") && isLong(field))) {
                return Long.parseLong(text);
            }
            problems.add(
                    new Problem(field, "“" + text + "” is not a number.", "Write digits only."));
            return 0;
        }

        private static boolean isLong(String field) {
            return field.equals("maxMessageBytes");
        }

        @Nullable Integer readOptional(String field, @Nullable String written) {
            return text(written).isEmpty() ? null : Integer.valueOf((int) read(field, written));
        }
    }

    private static List<String> lines(@Nullable String written) {
        return text(written).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString().strip();
    }
}

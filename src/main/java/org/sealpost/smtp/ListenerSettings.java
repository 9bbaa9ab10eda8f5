package org.sealpost.smtp;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A listener as it is stored; a changed value acts on the next connection.
 *
 * @param name {@code smtp}, {@code smtps} or {@code submission}
 * @param port TCP port; 0 switches the listener off
 * @param address the address it binds; null for all
 * @param level {@code none} offers no STARTTLS, {@code may} does, {@code encrypt} requires it
 *     before mail
 * @param implicitTls whether TLS begins with the first byte (RFC 8314), whatever the level
 * @param certificateIds the server certificates it presents, chosen by name and kind of key; empty
 *     for the standard one
 * @param protocols TLS versions in Postfix's syntax, e.g. {@code >=TLSv1.2}
 * @param ciphers a grade: {@code high} or {@code medium}
 * @param clientCertificate {@code none}, {@code ask}, or {@code require} a trusted one
 * @param authRequired whether only signed-in clients may send
 * @param excludeCiphers OpenSSL's words for suites that are not offered
 * @param groups key exchange groups, most wanted first; empty for what Java offers
 * @param receivedTlsHeader whether the {@code Received:} line tells of TLS
 * @param sessionCacheSeconds how long a TLS session may be resumed; 0 never
 * @param logLevel 0 logs no TLS sessions, 1 a line each, 2 to 4 also the client's certificate
 * @param proxyPeers networks of the proxies that must begin with a PROXY header
 * @param clientCertificateRelay client certificates that may relay
 * @param limits what one client may do
 */
public record ListenerSettings(
        String name,
        int port,
        @Nullable String address,
        String level,
        boolean implicitTls,
        List<Long> certificateIds,
        String protocols,
        String ciphers,
        String clientCertificate,
        boolean authRequired,
        String excludeCiphers,
        List<String> groups,
        boolean receivedTlsHeader,
        int sessionCacheSeconds,
        int logLevel,
        List<String> proxyPeers,
        List<RelayCertificate> clientCertificateRelay,
        Limits limits) {

    /** Suites in CBC mode; with TLS 1.2 and newer nobody needs them. */
    static final String CBC = "SHA1 SHA256 SHA384";

    public ListenerSettings {
        address = address == null || address.isBlank() ? null : address.strip();
        level = level.strip().toLowerCase(Locale.ROOT);
        certificateIds = List.copyOf(certificateIds);
        protocols = protocols.strip();
        ciphers = ciphers.strip();
        clientCertificate = clientCertificate.strip().toLowerCase(Locale.ROOT);
        excludeCiphers = excludeCiphers.strip();
        groups = List.copyOf(groups);
        proxyPeers = List.copyOf(proxyPeers);
        clientCertificateRelay = List.copyOf(clientCertificateRelay);
    }

    /** What a first start begins with. */
    static ListenerSettings standard(
            String name,
            int port,
            @Nullable String address,
            String level,
            boolean implicitTls,
            boolean authRequired,
            Limits limits) {
        return new ListenerSettings(
                name,
                port,
                address,
                level,
                implicitTls,
                List.of(),
                ">=TLSv1.2",
                "medium",
                "none",
                authRequired,
                CBC,
                List.of(),
                true,
                3600,
                1,
                List.of(),
                List.of(),
                limits);
    }

    /** The same with other certificates. */
    public ListenerSettings withCertificates(List<Long> ids) {
        return new ListenerSettings(
                name,
                port,
                address,
                level,
                implicitTls,
                ids,
                protocols,
                ciphers,
                clientCertificate,
                authRequired,
                excludeCiphers,
                groups,
                receivedTlsHeader,
                sessionCacheSeconds,
                logLevel,
                proxyPeers,
                clientCertificateRelay,
                limits);
    }

    /** Whether nothing but the first commands runs in clear text. */
    boolean requiresTls() {
        return implicitTls || level.equals("encrypt");
    }

    /** Whether TLS can be had at all. */
    boolean offersTls() {
        return implicitTls || !level.equals("none");
    }

    boolean asksForCertificate() {
        return !clientCertificate.equals("none");
    }

    /**
     * What one client may do.
     *
     * @param commandTimeoutSeconds the longest wait for a whole command
     * @param maxRecipients of one message
     * @param maxErrors before the session is closed
     * @param maxMessageBytes octets
     * @param maxReceivedHeaders before a message counts as looping
     * @param maxSessions at once
     * @param maxSessionsPerAddress at once
     * @param maxTlsSessionsPerMinute new TLS sessions of one client; null for any number
     * @param maxMessagesPerMinute messages of one client; null for any number
     */
    public record Limits(
            int commandTimeoutSeconds,
            int maxRecipients,
            int maxErrors,
            long maxMessageBytes,
            int maxReceivedHeaders,
            int maxSessions,
            int maxSessionsPerAddress,
            @Nullable Integer maxTlsSessionsPerMinute,
            @Nullable Integer maxMessagesPerMinute) {

        static final Limits STANDARD = of(300, 1000, 20, 50L * 1024 * 1024, 100, 1000, 50);

        /** Without limits per minute. */
        static Limits of(
                int commandTimeoutSeconds,
                int maxRecipients,
                int maxErrors,
                long maxMessageBytes,
                int maxReceivedHeaders,
                int maxSessions,
                int maxSessionsPerAddress) {
            return new Limits(
                    commandTimeoutSeconds,
                    maxRecipients,
                    maxErrors,
                    maxMessageBytes,
                    maxReceivedHeaders,
                    maxSessions,
                    maxSessionsPerAddress,
                    null,
                    null);
        }
    }
}

package org.sealpost.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listener as it is stored.
 *
 * @param name {@code smtp}, {@code smtps} or {@code submission}
 * @param port TCP port; 0 switches the listener off
 * @param address the address it binds; null for all
 * @param level {@code may} offers STARTTLS, {@code encrypt} requires it before mail
 * @param implicitTls whether TLS begins with the first byte (RFC 8314)
 * @param certificateIds the server certificates it presents, chosen by name and kind of key; empty
 *     for the standard one
 * @param authRequired whether only signed-in clients may send
 * @param limits what one client may do
 */
public record ListenerSettings(
        String name,
        int port,
        @Nullable String address,
        String level,
        boolean implicitTls,
        @Nullable List<Long> certificateIds,
        boolean authRequired,
        Limits limits) {

    public ListenerSettings {
        certificateIds = certificateIds == null ? List.of() : List.copyOf(certificateIds);
    }

    /** A listener that presents the standard certificate. */
    ListenerSettings(
            String name,
            int port,
            @Nullable String address,
            String level,
            boolean implicitTls,
            boolean authRequired,
            Limits limits) {
        this(name, port, address, level, implicitTls, List.of(), authRequired, limits);
    }

    @Override
    public List<Long> certificateIds() {
        return certificateIds == null ? List.of() : certificateIds;
    }

    /** The same with other certificates. */
    public ListenerSettings withCertificates(List<Long> ids) {
        return new ListenerSettings(
                name, port, address, level, implicitTls, ids, authRequired, limits);
    }

    /**
     * What one client may do.
     *
     * @param commandTimeoutSeconds the longest silence
     * @param maxRecipients of one message
     * @param maxErrors before the session is closed
     * @param maxMessageBytes octets
     * @param maxReceivedHeaders before a message counts as looping
     * @param maxSessions at once
     * @param maxSessionsPerAddress at once
     */
    public record Limits(
            int commandTimeoutSeconds,
            int maxRecipients,
            int maxErrors,
            long maxMessageBytes,
            int maxReceivedHeaders,
            int maxSessions,
            int maxSessionsPerAddress) {

        static final Limits STANDARD = new Limits(300, 1000, 20, 50L * 1024 * 1024, 100, 1000, 50);
    }
}

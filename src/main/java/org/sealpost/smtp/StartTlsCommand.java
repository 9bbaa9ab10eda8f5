package org.sealpost.smtp;

import java.io.IOException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** STARTTLS (RFC 3207). Nothing that was sent in clear survives it, failed or not. */
final class StartTlsCommand extends SmtpCommand {

    private static final Logger LOG = LoggerFactory.getLogger(StartTlsCommand.class);

    private final ServerTls tls;

    StartTlsCommand(ListenerSettings listener, ServerTls tls) {
        super("STARTTLS", listener);
        this.tls = tls;
    }

    @Override
    @Nullable String run(String argument, ClientSession client) throws IOException {
        InboundState state = client.state();
        if (state.isEncrypted()) {
            return "554 5.5.1 Error: TLS already active";
        }
        if (!argument.isEmpty()) {
            return "501 5.5.4 Syntax: STARTTLS";
        }
        if (client.input().hasMore()) {
            // Commands sent along with STARTTLS may be an attacker's (CVE-2011-0411).
            client.end(
                    "554 5.5.0 Error: SMTP protocol synchronization", "data sent behind STARTTLS");
            return null;
        }
        SSLSocket encrypted;
        try {
            encrypted = tls.layer(client.socket().inner());
        } catch (IOException | RuntimeException e) {
            LOG.error("TLS cannot be offered", e);
            return "454 4.7.0 TLS not available due to local problem";
        }
        client.send("220 2.0.0 Ready to start TLS");
        try {
            encrypted.startHandshake();
        } catch (IOException e) {
            // Nothing that is still buffered may run on a session whose handshake failed.
            LOG.info("SSL_accept error from {}: {}", state.peer(), e.getMessage());
            client.abandon("TLS handshake failed: " + e.getMessage());
            return null;
        }
        client.goOnThrough(encrypted);
        LOG.info("Anonymous TLS connection established from {}: {}", state.peer(), state.tlsLine());
        return null;
    }

    @Override
    boolean mayRunInClear() {
        return true;
    }
}

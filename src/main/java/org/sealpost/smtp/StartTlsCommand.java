package org.sealpost.smtp;

import java.io.IOException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** STARTTLS (RFC 3207). Nothing that was sent in clear survives it, failed or not. */
final class StartTlsCommand extends SmtpCommand {

    private static final Logger LOG = LoggerFactory.getLogger(StartTlsCommand.class);

    private final Handshake handshake;

    StartTlsCommand(Handshake handshake) {
        super("STARTTLS");
        this.handshake = handshake;
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
        if (!state.listener().offersTls()) {
            return "502 5.5.1 Error: command not implemented";
        }
        if (handshake.isTooOften(state)) {
            return "454 4.7.0 Error: too many new TLS sessions from "
                    + state.client().getHostAddress();
        }
        SSLSocket encrypted;
        try {
            encrypted = handshake.prepare(client);
        } catch (IOException | RuntimeException e) {
            LOG.error("TLS cannot be offered", e);
            return "454 4.7.0 TLS not available due to local problem";
        }
        client.send("220 2.0.0 Ready to start TLS");
        String refusal;
        try {
            refusal = handshake.run(client, encrypted);
        } catch (IOException failed) {
            // Nothing that is still buffered may run on a session whose handshake failed.
            client.abandon(state.reason());
            return null;
        } catch (RuntimeException e) {
            LOG.error("a session under TLS could not begin", e);
            client.abandon("internal error"); // in clear again it must not go on
            return null;
        }
        if (refusal != null) {
            client.end(refusal, "client certificate");
        }
        return null;
    }

    @Override
    boolean mayRunInClear() {
        return true;
    }
}

package org.sealpost.smtp;

import java.io.IOException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.tls.SessionDetail;

/** Puts TLS on a session and judges what certificate the client shows. */
final class Handshake {

    private final ServerTls tls;
    private final Settings settings;
    private final ClientRates rates;

    Handshake(ServerTls tls, Settings settings, ClientRates rates) {
        this.tls = tls;
        this.settings = settings;
        this.rates = rates;
    }

    /** Whether the client has begun as many TLS sessions as it may for now. */
    boolean isTooOften(InboundState state) {
        return rates.isOver(state, state.listener().limits().maxTlsSessionsPerMinute());
    }

    /**
     * The socket for a handshake.
     *
     * @throws IOException when TLS cannot be offered for a reason of ours
     */
    SSLSocket prepare(ClientSession client) throws IOException {
        return tls.layer(client.socket().inner(), client.state().listener());
    }

    /**
     * Shakes hands; from then on everything said is encrypted.
     *
     * @return the reply to end the session with; null when it may go on
     * @throws IOException when the handshake failed, and nothing can be said any more
     */
    @Nullable String run(ClientSession client, SSLSocket encrypted) throws IOException {
        InboundState state = client.state();
        ListenerSettings listener = state.listener();
        Deadline deadline = client.socket().deadline();
        encrypted.setSoTimeout(listener.limits().commandTimeoutSeconds() * 1000);
        long begun = System.currentTimeMillis();
        deadline.beginOther();
        try {
            encrypted.startHandshake();
        } catch (IOException e) {
            state.note(
                    0,
                    "SSL_accept error from "
                            + state.logged()
                            + ": "
                            + printable(String.valueOf(e.getMessage())));
            state.endedBecause("TLS handshake failed: " + e.getMessage());
            throw e;
        } finally {
            deadline.endOther();
        }
        if (encrypted.getSession().getCreationTime() >= begun) {
            rates.count(state); // a resumed one costs next to nothing
        }
        client.goOnThrough(encrypted, tls.shownBy(encrypted.getSession(), listener));
        noteCertificate(state);
        return refusal(state);
    }

    private static void noteCertificate(InboundState state) {
        ClientCertificate shown = state.certificate();
        if (shown != null) {
            state.note(
                    SessionDetail.CHECKS,
                    "%s: subject=%s, issuer=%s, cert fingerprint=%s, pkey_fingerprint=%s"
                            .formatted(
                                    state.logged(),
                                    printable(shown.leaf().getSubjectX500Principal().getName()),
                                    printable(shown.leaf().getIssuerX500Principal().getName()),
                                    Fingerprint.ofCertificate(shown.leaf(), Digest.SHA256)
                                            .colonText(),
                                    Fingerprint.ofPublicKey(shown.leaf(), Digest.SHA256)
                                            .colonText()));
        }
    }

    /** A client chooses these texts, and must not be able to begin a line of the log. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** One that may relay needs no authority: the administrator vouches for it. */
    private @Nullable String refusal(InboundState state) {
        if (!state.listener().clientCertificate().equals("require")
                || state.mayRelayByCertificate()) {
            return null;
        }
        ClientCertificate shown = state.certificate();
        if (shown != null && shown.isTrusted()) {
            return null;
        }
        return "421 4.7.1 "
                + settings.get(GeneralSettings.SECTION).hostname()
                + " Error: "
                + (shown == null
                        ? "No client certificate presented"
                        : "Client certificate not trusted");
    }
}

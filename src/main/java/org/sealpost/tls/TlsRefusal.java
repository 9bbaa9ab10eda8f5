package org.sealpost.tls;

import java.util.List;
import org.sealpost.mail.Refusal;
import org.sealpost.mail.SmtpReply;

/**
 * Why a policy keeps mail from going out. The record is what programs read; its faces for SMTP,
 * log, people and metrics come from one place.
 */
public sealed interface TlsRefusal extends Refusal {

    /** The rule cannot be read, parsed or honoured. */
    record PolicyUnusable(String reason, String cure) implements TlsRefusal {}

    /** TLS is required and the server's EHLO reply does not offer it. */
    record NotOffered(TlsPeer peer) implements TlsRefusal {}

    /** TLS is required and the server answered STARTTLS with an error. */
    record StarttlsRefused(TlsPeer peer, SmtpReply reply) implements TlsRefusal {}

    /** The handshake failed. */
    record HandshakeFailed(TlsPeer peer, String reason, boolean required) implements TlsRefusal {}

    /** This end could not begin a handshake at all. */
    record EngineUnavailable(TlsPeer peer, String reason) implements TlsRefusal {}

    /** The handshake succeeded but the server did not prove what the rule asks for. */
    record NotVerified(TlsPeer peer, List<TlsCheck> failed) implements TlsRefusal {

        public NotVerified {
            failed = List.copyOf(failed);
        }
    }

    /** A route's user name and password may only go to a server that proved who it is. */
    record CredentialsNeedVerified(TlsPeer peer) implements TlsRefusal {}

    /**
     * One refusal as each reader gets it.
     *
     * @param code the enhanced status code; always temporary, the message's lifetime decides
     * @param text for SMTP and bounces, in Postfix's words (semantics 1.8)
     * @param event the line of the connection log, in Postfix's words where it has some (1.9)
     * @param explain for people: what happened
     * @param remedy for people: what to do
     * @param tag for metrics: the case's name
     */
    record Faces(
            String code, String text, String event, String explain, String remedy, String tag) {}

    /** All faces of this refusal. */
    default Faces faces() {
        return switch (this) {
            case PolicyUnusable(String reason, String cure) ->
                    new Faces(
                            "4.7.5",
                            "client TLS configuration problem",
                            "client TLS configuration problem: " + reason,
                            "The TLS rule for this destination cannot be honoured: " + reason,
                            cure,
                            "policy-unusable");
            case NotOffered(TlsPeer peer) -> {
                String text = "TLS is required, but was not offered by host " + peer.bracketed();
                yield new Faces(
                        "4.7.4",
                        text,
                        text,
                        "The rule requires TLS, and " + peer.text() + " does not offer STARTTLS.",
                        "Ask the partner to offer STARTTLS, and check that no firewall in between"
                                + " removes it; until then the mail waits.",
                        "starttls-not-offered");
            }
            case StarttlsRefused(TlsPeer peer, SmtpReply reply) -> {
                String text =
                        "TLS is required, but host "
                                + peer.bracketed()
                                + " refused to start TLS: "
                                + reply;
                yield new Faces(
                        "4.7.4",
                        text,
                        text,
                        "The rule requires TLS, and "
                                + peer.text()
                                + " offers STARTTLS but answered it with “"
                                + reply
                                + "”.",
                        "The partner's server has a TLS problem of its own; tell them the reply.",
                        "starttls-refused");
            }
            case HandshakeFailed(TlsPeer peer, String reason, boolean required) ->
                    new Faces(
                            "4.7.5",
                            "Cannot start TLS: handshake failure",
                            "SSL_connect error to " + peer.text() + ": " + reason,
                            "The TLS handshake with " + peer.text() + " failed: " + reason + ".",
                            required
                                    ? "Compare the rule's protocols and ciphers with what the server"
                                            + " offers."
                                    : "The message is tried again; later it may go out in clear text"
                                            + " if the default allows that.",
                            "handshake-failed");
            case EngineUnavailable(TlsPeer peer, String reason) ->
                    new Faces(
                            "4.7.5",
                            "TLS is required, but our TLS engine is unavailable",
                            "TLS engine unavailable for " + peer.text() + ": " + reason,
                            "TLS could not be begun on this side: " + reason + ".",
                            "Look into the log for what the Java runtime's TLS misses.",
                            "engine-unavailable");
            case NotVerified(TlsPeer peer, List<TlsCheck> failed) ->
                    new Faces(
                            "4.7.5",
                            "Server certificate not verified",
                            "certificate verification failed for "
                                    + peer.text()
                                    + ": "
                                    + TlsCheck.events(failed),
                            peer.text() + " did not prove who it is: " + TlsCheck.sentence(failed),
                            TlsCheck.remedy(failed),
                            "not-verified");
            case CredentialsNeedVerified(TlsPeer peer) ->
                    new Faces(
                            "4.7.5",
                            "SASL authentication needs a verified TLS session",
                            "no SASL authentication with "
                                    + peer.text()
                                    + ": the session is not verified",
                            "The route has a user name and password, and the rule does not make "
                                    + peer.text()
                                    + " prove who it is.",
                            "Give this next hop a rule of level fingerprint, verify or secure.",
                            "credentials-need-verified");
        };
    }

    /** The enhanced status code. */
    default String code() {
        return faces().code();
    }

    /** The text as Postfix writes it into log and bounce. */
    default String text() {
        return faces().text();
    }

    /** The line for the connection log. */
    default String event() {
        return faces().event();
    }

    @Override
    default String explain() {
        return faces().explain();
    }

    @Override
    default String remedy() {
        return faces().remedy();
    }

    /** The case's name for metrics. */
    default String tag() {
        return faces().tag();
    }
}

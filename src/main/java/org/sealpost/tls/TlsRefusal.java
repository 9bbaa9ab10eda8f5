package org.sealpost.tls;

import java.util.List;
import org.sealpost.mail.Refusal;
import org.sealpost.mail.SmtpReply;

/**
 * Why a policy keeps mail from going out, with its four faces: {@link #text} for SMTP and bounces
 * in Postfix's words (semantics 1.8), {@link #explain} and {@link #remedy} for people, {@link #tag}
 * for metrics, and the record itself for events.
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

    /** The handshake succeeded but the server did not prove what the rule asks for. */
    record NotVerified(TlsPeer peer, List<TlsCheck> failed) implements TlsRefusal {}

    /** A route's user name and password may only go to a server that proved who it is. */
    record CredentialsNeedVerified(TlsPeer peer) implements TlsRefusal {}

    /** The enhanced status code; always temporary, the message's lifetime decides. */
    default String code() {
        return switch (this) {
            case NotOffered _, StarttlsRefused _ -> "4.7.4";
            case PolicyUnusable _, HandshakeFailed _, NotVerified _, CredentialsNeedVerified _ ->
                    "4.7.5";
        };
    }

    /** The text as Postfix writes it into log and bounce. */
    default String text() {
        return switch (this) {
            case PolicyUnusable _ -> "client TLS configuration problem";
            case NotOffered(TlsPeer peer) ->
                    "TLS is required, but was not offered by host " + peer.bracketed();
            case StarttlsRefused(TlsPeer peer, SmtpReply reply) ->
                    "TLS is required, but host "
                            + peer.bracketed()
                            + " refused to start TLS: "
                            + reply;
            case HandshakeFailed _ -> "Cannot start TLS: handshake failure";
            case NotVerified _ -> "Server certificate not verified";
            case CredentialsNeedVerified _ -> "SASL authentication needs a verified TLS session";
        };
    }

    @Override
    default String explain() {
        return switch (this) {
            case PolicyUnusable(String reason, _) ->
                    "The TLS rule for this destination cannot be honoured: " + reason;
            case NotOffered(TlsPeer peer) ->
                    "The rule requires TLS, and " + peer.text() + " does not offer STARTTLS.";
            case StarttlsRefused(TlsPeer peer, SmtpReply reply) ->
                    "The rule requires TLS, and "
                            + peer.text()
                            + " offers STARTTLS but answered it with “"
                            + reply
                            + "”.";
            case HandshakeFailed(TlsPeer peer, String reason, _) ->
                    "The TLS handshake with " + peer.text() + " failed: " + reason + ".";
            case NotVerified(TlsPeer peer, List<TlsCheck> failed) ->
                    peer.text() + " did not prove who it is: " + TlsCheck.sentence(failed);
            case CredentialsNeedVerified(TlsPeer peer) ->
                    "The route has a user name and password, and the rule does not make "
                            + peer.text()
                            + " prove who it is.";
        };
    }

    @Override
    default String remedy() {
        return switch (this) {
            case PolicyUnusable(_, String cure) -> cure;
            case NotOffered _ ->
                    "Ask the partner to offer STARTTLS, and check that no firewall in between removes"
                            + " it; until then the mail waits.";
            case StarttlsRefused _ ->
                    "The partner's server has a TLS problem of its own; tell them the reply.";
            case HandshakeFailed(_, _, boolean required) ->
                    required
                            ? "Compare the rule's protocols and ciphers with what the server offers."
                            : "The message is tried again; later it may go out in clear text if the"
                                    + " default allows that.";
            case NotVerified(_, List<TlsCheck> failed) -> TlsCheck.remedy(failed);
            case CredentialsNeedVerified _ ->
                    "Give this next hop a rule of level fingerprint, verify or secure.";
        };
    }

    /** The case's name for metrics. */
    default String tag() {
        return switch (this) {
            case PolicyUnusable _ -> "policy-unusable";
            case NotOffered _ -> "starttls-not-offered";
            case StarttlsRefused _ -> "starttls-refused";
            case HandshakeFailed _ -> "handshake-failed";
            case NotVerified _ -> "not-verified";
            case CredentialsNeedVerified _ -> "credentials-need-verified";
        };
    }
}

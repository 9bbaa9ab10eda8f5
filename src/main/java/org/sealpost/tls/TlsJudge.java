package org.sealpost.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.mail.SmtpReply;
import org.sealpost.tls.TlsCheck.Name;
import org.sealpost.tls.TlsObservation.Established;
import org.sealpost.tls.Verdict.ClearReason;
import org.sealpost.tls.Verdict.Defer;
import org.sealpost.tls.Verdict.DeliverClear;
import org.sealpost.tls.Verdict.DeliverEncrypted;
import org.sealpost.tls.Verdict.Evidence;
import org.sealpost.tls.Verdict.Status;

/**
 * Rules whether a session satisfies a requirement. It has no side effects and asks nobody: the same
 * requirement, observation and time always give the same verdict, so delivery, self-test and
 * explanation cannot disagree.
 */
public final class TlsJudge {

    static final String OFFERED_UNUSED = "offered, not used";

    private TlsJudge() {}

    /**
     * Judges a session.
     *
     * @param messageAge how long the message has waited, for the clear-text fallback of {@code may}
     * @param hasCredentials whether a user name and password would be sent; they need a verified
     *     session
     */
    public static Verdict judge(
            TlsRequirement requirement,
            TlsPeer peer,
            TlsObservation observation,
            Duration messageAge,
            boolean hasCredentials,
            Instant now) {
        Verdict verdict =
                switch (observation) {
                    case TlsObservation.Unused(boolean offered) -> unused(requirement, offered);
                    case TlsObservation.NotOffered() -> notOffered(requirement, peer);
                    case TlsObservation.Refused(SmtpReply reply) ->
                            refused(requirement, peer, reply);
                    case TlsObservation.HandshakeFailed(String reason) ->
                            failed(requirement, peer, reason, messageAge, hasCredentials);
                    case TlsObservation.EngineUnavailable(String reason) ->
                            withoutEngine(requirement, peer, reason, messageAge, hasCredentials);
                    case Established session -> established(requirement, peer, session, now);
                };
        return hasCredentials ? withCredentials(verdict, peer) : verdict;
    }

    /** The verdict on a next hop whose rule cannot be honoured; no session is opened for it. */
    public static Verdict unusable(
            TlsLevel level, @Nullable String matchedKey, String reason, String remedy) {
        return new Defer(
                new Evidence(level, matchedKey, null, null, null, List.of(), List.of()),
                new TlsRefusal.PolicyUnusable(reason, remedy));
    }

    private static Verdict unused(TlsRequirement requirement, boolean offered) {
        var starttls = TlsCheck.skip(Name.STARTTLS, offered ? OFFERED_UNUSED : "not offered");
        Evidence evidence = clearEvidence(requirement, starttls);
        if (requirement.level() == TlsLevel.NONE) {
            return new DeliverClear(evidence, ClearReason.LEVEL_NONE);
        }
        throw new IllegalArgumentException(
                "STARTTLS was left out at level " + requirement.level().word());
    }

    private static Verdict notOffered(TlsRequirement requirement, TlsPeer peer) {
        boolean required = requirement.level().requiresTls();
        var starttls = TlsCheck.fail(Name.STARTTLS, "offered", "not offered");
        Evidence evidence = clearEvidence(requirement, required ? starttls : starttls.asAdvice());
        return required
                ? new Defer(evidence, new TlsRefusal.NotOffered(peer))
                : new DeliverClear(evidence, ClearReason.NOT_OFFERED);
    }

    private static Verdict refused(TlsRequirement requirement, TlsPeer peer, SmtpReply reply) {
        boolean required = requirement.level().requiresTls();
        var starttls = TlsCheck.fail(Name.STARTTLS, "220", reply.toString());
        Evidence evidence = clearEvidence(requirement, required ? starttls : starttls.asAdvice());
        return required
                ? new Defer(evidence, new TlsRefusal.StarttlsRefused(peer, reply))
                : new DeliverClear(evidence, ClearReason.STARTTLS_REFUSED);
    }

    private static Verdict failed(
            TlsRequirement requirement,
            TlsPeer peer,
            String reason,
            Duration messageAge,
            boolean hasCredentials) {
        Evidence evidence =
                clearEvidence(
                        requirement,
                        TlsCheck.pass(Name.STARTTLS, "offered", "offered"),
                        TlsCheck.fail(Name.HANDSHAKE, "completed", reason));
        return mayFallBack(requirement, peer, messageAge, hasCredentials)
                ? new DeliverClear(evidence, ClearReason.FALLBACK)
                : new Defer(
                        evidence,
                        new TlsRefusal.HandshakeFailed(
                                peer, reason, requirement.level().requiresTls()));
    }

    private static Verdict withoutEngine(
            TlsRequirement requirement,
            TlsPeer peer,
            String reason,
            Duration messageAge,
            boolean hasCredentials) {
        Evidence evidence =
                clearEvidence(
                        requirement,
                        TlsCheck.fail(Name.HANDSHAKE, "completed", "our TLS engine: " + reason));
        return mayFallBack(requirement, peer, messageAge, hasCredentials)
                ? new DeliverClear(evidence, ClearReason.FALLBACK)
                : new Defer(evidence, new TlsRefusal.EngineUnavailable(peer, reason));
    }

    private static boolean mayFallBack(
            TlsRequirement requirement, TlsPeer peer, Duration messageAge, boolean hasCredentials) {
        Duration fallback = requirement.clearTextFallbackAfter();
        // A server without STARTTLS lets mail of level may out at once; a handshake that breaks may
        // be an attacker's doing, so the message has to wait first (Postfix semantics 0.2).
        return requirement.level() == TlsLevel.MAY
                && !requirement.isImplicit(peer.port())
                && !hasCredentials
                && fallback != null
                && messageAge.compareTo(fallback) >= 0;
    }

    private static Verdict established(
            TlsRequirement requirement, TlsPeer peer, Established session, Instant now) {
        List<TlsCheck> checks = checks(requirement, peer, session, now);
        List<TlsCheck> failed = checks.stream().filter(TlsCheck::failed).toList();
        var evidence =
                new Evidence(
                        requirement.level(),
                        requirement.matchedKey(),
                        status(requirement, session, checks, failed),
                        session.protocol(),
                        Ciphers.openSslName(session.cipherSuite()),
                        checks,
                        session.chain());
        return failed.isEmpty()
                ? new DeliverEncrypted(evidence)
                : new Defer(evidence, new TlsRefusal.NotVerified(peer, failed));
    }

    private static List<TlsCheck> checks(
            TlsRequirement requirement, TlsPeer peer, Established session, Instant now) {
        var checks = new ArrayList<TlsCheck>();
        checks.add(TlsCheck.pass(Name.CONNECT, "reachable", peer.text()));
        checks.add(
                session.implicit()
                        ? TlsCheck.skip(Name.STARTTLS, "implicit TLS")
                        : TlsCheck.pass(Name.STARTTLS, "offered", "offered"));
        checks.add(
                TlsCheck.pass(
                        Name.HANDSHAKE,
                        "completed",
                        session.resumed() ? "earlier session resumed" : "completed"));
        checks.add(
                member(
                        Name.PROTOCOL,
                        requirement.protocols(),
                        session.protocol(),
                        session.protocol()));
        checks.add(
                member(
                        Name.CIPHER,
                        requirement.cipherSuites(),
                        session.cipherSuite(),
                        Ciphers.openSslName(session.cipherSuite())));
        checks.addAll(identity(requirement, peer, session.chain(), now));
        String outside = requirement.outsideFailure();
        if (outside != null && requirement.level().authenticates()) {
            String seen = "external policy failure (" + outside + ")";
            checks.removeIf(check -> check.name() == Name.CHAIN);
            checks.add(TlsCheck.fail(Name.CHAIN, "a trusted chain", seen));
        }
        return checks;
    }

    private static TlsCheck member(Name name, List<String> allowed, String value, String shown) {
        String expected =
                name == Name.CIPHER
                        ? "one of the " + allowed.size() + " allowed suites"
                        : String.join(", ", allowed);
        if (!allowed.contains(value)) {
            return TlsCheck.fail(name, expected, shown);
        }
        return name == Name.PROTOCOL && RuntimeTls.isLegacy(value)
                ? TlsCheck.fail(name, expected + "; TLSv1.2 or newer is safe", shown).asAdvice()
                : TlsCheck.pass(name, expected, shown);
    }

    private static List<TlsCheck> identity(
            TlsRequirement requirement, TlsPeer peer, List<X509Certificate> chain, Instant now) {
        TlsLevel level = requirement.level();
        if (chain.isEmpty()) {
            var anonymous = TlsCheck.fail(Name.CHAIN, "a certificate", "the server is anonymous");
            return List.of(level.authenticates() ? anonymous : anonymous.asAdvice());
        }
        TlsCheck trusted =
                ChainTrust.problem(ChainTrust.SERVER_AUTH, chain, requirement.anchors(), now)
                        .map(problem -> TlsCheck.fail(Name.CHAIN, "a trusted chain", problem))
                        .orElseGet(() -> TlsCheck.pass(Name.CHAIN, "a trusted chain", "trusted"));
        TlsCheck valid =
                ChainTrust.validity(chain.getFirst(), now)
                        .map(problem -> TlsCheck.fail(Name.VALIDITY, "valid now", problem))
                        .orElseGet(() -> TlsCheck.pass(Name.VALIDITY, "valid now", "valid"));
        return switch (level) {
            case NONE, MAY, ENCRYPT ->
                    List.of(
                            trusted.asAdvice(),
                            valid.asAdvice(),
                            TlsCheck.skip(Name.NAME, "not asked for at this level"));
            case FINGERPRINT ->
                    List.of(
                            TlsCheck.skip(Name.CHAIN, "a pin needs no authority"),
                            TlsCheck.skip(Name.VALIDITY, "a pin does not expire"),
                            TlsCheck.skip(Name.NAME, "a pin needs no name"),
                            pin(requirement, chain.getFirst()));
            case VERIFY, SECURE ->
                    List.of(trusted, valid, name(requirement, peer, chain.getFirst()));
        };
    }

    private static TlsCheck name(TlsRequirement requirement, TlsPeer peer, X509Certificate leaf) {
        List<String> names = PeerNames.of(leaf);
        String seen = names.isEmpty() ? "no name at all" : String.join(", ", names);
        String expected =
                requirement.match().stream()
                        .map(pattern ->
                                switch (pattern) {
                                    case NamePattern.Hostname _ -> peer.host();
                                    case NamePattern.Nexthop _ -> requirement.nextHop().host();
                                    case NamePattern.DotNexthop _ ->
                                            "." + requirement.nextHop().host();
                                    case NamePattern.Exact _, NamePattern.Below _ -> pattern.text();
                                })
                        .collect(Collectors.joining(", "));
        return PeerNames.match(requirement.match(), names, requirement.nextHop(), peer)
                ? TlsCheck.pass(Name.NAME, expected, seen)
                : TlsCheck.fail(Name.NAME, expected, seen);
    }

    private static TlsCheck pin(TlsRequirement requirement, X509Certificate leaf) {
        String expected =
                requirement.pins().stream().map(Pin::text).collect(Collectors.joining(", "));
        String seen =
                "sha256:"
                        + Fingerprint.ofCertificate(leaf, Digest.SHA256).colonText()
                        + " with the key spki-sha256:"
                        + Fingerprint.ofPublicKey(leaf, Digest.SHA256).colonText();
        return requirement.pins().stream().anyMatch(pin -> pin.matches(leaf))
                ? TlsCheck.pass(Name.PIN, expected, seen)
                : TlsCheck.fail(Name.PIN, expected, seen);
    }

    private static Status status(
            TlsRequirement requirement,
            Established session,
            List<TlsCheck> checks,
            List<TlsCheck> failed) {
        if (session.chain().isEmpty()) {
            return Status.ANONYMOUS;
        }
        if (requirement.level().authenticates() && failed.isEmpty()) {
            return Status.VERIFIED;
        }
        boolean trusted =
                checks.stream()
                        .anyMatch(check ->
                                check.name() == Name.CHAIN
                                        && check.result() == TlsCheck.Result.PASS);
        return trusted ? Status.TRUSTED : Status.UNTRUSTED;
    }

    private static Verdict withCredentials(Verdict verdict, TlsPeer peer) {
        return verdict instanceof Defer || verdict.evidence().status() == Status.VERIFIED
                ? verdict
                : new Defer(verdict.evidence(), new TlsRefusal.CredentialsNeedVerified(peer));
    }

    private static Evidence clearEvidence(TlsRequirement requirement, TlsCheck... checks) {
        return new Evidence(
                requirement.level(),
                requirement.matchedKey(),
                null,
                null,
                null,
                List.of(checks),
                List.of());
    }
}

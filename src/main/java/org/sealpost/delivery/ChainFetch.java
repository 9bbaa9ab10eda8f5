package org.sealpost.delivery;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.PresentedCertificate;
import org.sealpost.delivery.ServerLooks.Visitor;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.tls.TlsJudge;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.TlsRequirement.Connect;
import org.sealpost.tls.Verdict;
import org.sealpost.tls.VerdictDocument;
import org.sealpost.tls.VerdictDocument.CheckDocument;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;

/** Looks at servers with delivery's own connector and judge. */
@Service
class ChainFetch implements PresentedChains {

    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_SERVERS = 4;
    private static final String FIRST_USE =
            "This shows what answered now. Nothing here proves that it is the partner: compare the"
                    + " fingerprint with them over another channel before you rely on it.";

    private final TlsPolicies policies;
    private final ServerLooks servers;
    private final Clock clock;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    ChainFetch(TlsPolicies policies, ServerLooks servers, Clock clock) {
        this.policies = policies;
        this.servers = servers;
        this.clock = clock;
    }

    /** What one server showed; the judge's two rulings on it. */
    private record Look(
            @Nullable TlsPeer peer,
            List<CheckDocument> checks,
            @Nullable Verdict verdict,
            @Nullable TlsObservation shown) {

        static Look failed(@Nullable TlsPeer peer, String seen) {
            return new Look(
                    peer,
                    List.of(new CheckDocument("connect", "fail", "reachable", seen)),
                    null,
                    null);
        }
    }

    @Override
    @PreAuthorize("hasAuthority('certificates:write')")
    public PresentedChain fetch(@Nullable String nextHop, @Nullable String connect) {
        NextHop hop = nextHop(nextHop);
        Connect how = how(connect);
        ConnectionPermit permit = servers.permit(hop);
        if (!free.tryAcquire()) {
            throw new Conflict("Too many servers are being looked at.", "Try again in a minute.");
        }
        try {
            return look(permit, how);
        } finally {
            free.release();
        }
    }

    @Override
    @PreAuthorize("hasAuthority('certificates:read')")
    public PresentedChain ofListener(String name, InetAddress address, int port, boolean implicit) {
        NextHop hop = nextHop("[" + name + "]:" + port);
        TlsRequirement requirement =
                measure(
                        policies.byDefault(hop, TlsLevel.SECURE),
                        policies.byDefault(hop, TlsLevel.SECURE),
                        implicit ? Connect.IMPLICIT : Connect.STARTTLS);
        var ours = new ConnectionPermit(hop, true);
        return answer(
                hop,
                requirement,
                look(new Target(hop.host(), address, port), ours, requirement),
                null);
    }

    private PresentedChain look(ConnectionPermit permit, Connect how) {
        NextHop hop = permit.nextHop();
        PolicyLookup lookup = policies.lookup(hop);
        TlsRequirement requirement = requirement(hop, lookup, how);
        Look look =
                switch (servers.find(permit)) {
                    case Found.Nowhere(boolean _, String _, String text) -> Look.failed(null, text);
                    case Found.Servers(List<Target> found) -> first(found, permit, requirement);
                };
        return answer(hop, requirement, look, rule(lookup, look));
    }

    /** The first server that gets as far as TLS, else what the last one said. */
    private Look first(List<Target> found, ConnectionPermit permit, TlsRequirement requirement) {
        Look look = Look.failed(null, "no server");
        for (Target server : found.subList(0, Math.min(MOST_SERVERS, found.size()))) {
            look =
                    permit.allows(server.address())
                            ? look(server, permit, requirement)
                            : Look.failed(null, permit.refused(server.address()).explain());
            if (look.verdict() != null) {
                return look;
            }
        }
        return look;
    }

    private Look look(Target server, ConnectionPermit permit, TlsRequirement requirement) {
        ServerLook seen = servers.look(server, permit, requirement, false, new Visitor(), _ -> {});
        Verdict verdict = seen.verdict();
        return verdict == null
                ? Look.failed(seen.peer(), String.valueOf(seen.failure()))
                : new Look(seen.peer(), verdict.document().checks(), verdict, seen.observation());
    }

    /**
     * The rule's own when it checks chain and name, else level secure by the defaults, with what
     * the rule says of the handshake (versions, suites, SNI). A session is never resumed: it would
     * show an old chain.
     */
    private TlsRequirement requirement(NextHop hop, PolicyLookup lookup, Connect how) {
        TlsRequirement secure = policies.byDefault(hop, TlsLevel.SECURE);
        TlsRequirement base =
                lookup instanceof PolicyLookup.Found found
                                && found.requirement().level() != TlsLevel.NONE
                        ? found.requirement()
                        : secure;
        return measure(base, secure, how);
    }

    private static TlsRequirement measure(TlsRequirement base, TlsRequirement secure, Connect how) {
        boolean own = base.level().needsTrustedChain();
        return new TlsRequirement(
                base.nextHop(),
                own ? base.level() : TlsLevel.SECURE,
                how == Connect.AUTO ? base.connect() : how,
                base.protocols(),
                base.cipherSuites(),
                own ? base.match() : secure.match(),
                List.of(),
                base.anchors(),
                base.servername(),
                base.client(),
                null,
                null,
                0,
                base.matchedKey(),
                base.policyId());
    }

    private @Nullable VerdictDocument rule(PolicyLookup lookup, Look look) {
        TlsPeer peer = look.peer();
        TlsObservation shown = look.shown();
        boolean judged =
                lookup instanceof PolicyLookup.Found found
                        && found.requirement().level() != TlsLevel.NONE;
        return judged && peer != null && look.verdict() != null && shown != null
                ? TlsJudge.judge(
                                ((PolicyLookup.Found) lookup).requirement(),
                                peer,
                                shown,
                                Duration.ZERO,
                                false,
                                clock.instant())
                        .document()
                : null;
    }

    private static PresentedChain answer(
            NextHop hop, TlsRequirement requirement, Look look, @Nullable VerdictDocument rule) {
        Verdict verdict = look.verdict();
        VerdictDocument document = verdict == null ? null : verdict.document();
        TlsPeer peer = look.peer();
        return new PresentedChain(
                hop.text(),
                requirement.isImplicit(hop.portNumber()) ? "implicit" : "starttls",
                peer == null ? null : peer.text(),
                document == null ? null : document.protocol(),
                document == null ? null : document.cipher(),
                document == null ? null : document.status(),
                look.checks(),
                verdict == null
                        ? List.of()
                        : PresentedCertificate.chain(verdict.evidence().chain()),
                document == null
                        ? "No server of the next hop got as far as TLS."
                        : document.explanation(),
                document == null
                        ? "Check next hop and port, and whether the server is up."
                        : document.remedy(),
                rule,
                FIRST_USE);
    }

    private static NextHop nextHop(@Nullable String written) {
        return NextHop.parse(written == null ? "" : written)
                .orElseThrow(() ->
                        new InvalidInput(
                                "nextHop",
                                "“" + (written == null ? "" : written) + "” is not a next hop.",
                                "Write example.com for its MX hosts, or [mail.example.com]:25."));
    }

    private static Connect how(@Nullable String written) {
        return switch (written == null ? "auto" : written.toLowerCase(Locale.ROOT)) {
            case "auto", "" -> Connect.AUTO;
            case "starttls" -> Connect.STARTTLS;
            case "implicit" -> Connect.IMPLICIT;
            default ->
                    throw new InvalidInput(
                            "connect",
                            "“" + written + "” is no way to begin TLS.",
                            "Write auto, starttls or implicit.");
        };
    }
}

package org.sealpost.delivery;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.PresentedCertificate;
import org.sealpost.delivery.ConnectionGuard.Permit;
import org.sealpost.delivery.Connector.Request;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotAllowed;
import org.sealpost.mail.SmtpReply;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.tls.TlsJudge;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.TlsRequirement.Connect;
import org.sealpost.tls.Verdict;
import org.sealpost.tls.VerdictDocument;
import org.sealpost.tls.VerdictDocument.CheckDocument;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Service;

/** Looks at servers with delivery's own connector and judge. */
@Service
class ChainFetch implements PresentedChains {

    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_SERVERS = 4;
    private static final Duration LONGEST = Duration.ofSeconds(40);
    private static final String FIRST_USE =
            "This shows what answered now. Nothing here proves that it is the partner: compare the"
                    + " fingerprint with them over another channel before you rely on it.";

    private final TlsPolicies policies;
    private final Settings settings;
    private final Targets targets;
    private final ConnectionGuard guard;
    private final Connector connector;
    private final Clock clock;
    private final ApplicationEventPublisher events;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    ChainFetch(
            TlsPolicies policies,
            Settings settings,
            Routes routes,
            MailDns dns,
            Clock clock,
            ApplicationEventPublisher events) {
        this.policies = policies;
        this.settings = settings;
        this.targets = new Targets(dns, new Random());
        this.guard = new ConnectionGuard(routes);
        this.connector = new Connector(clock, TimeLimits.ON_REQUEST, LONGEST);
        this.clock = clock;
        this.events = events;
    }

    /** What one server showed; the judge's two rulings on it. */
    private record Look(
            @Nullable TlsPeer peer, List<CheckDocument> checks, @Nullable Verdict verdict) {

        static Look failed(@Nullable TlsPeer peer, String seen) {
            return new Look(
                    peer, List.of(new CheckDocument("connect", "fail", "reachable", seen)), null);
        }

        static Look of(TlsPeer peer, Verdict verdict) {
            return new Look(peer, verdict.document().checks(), verdict);
        }
    }

    @Override
    @PreAuthorize("hasAuthority('certificates:write')")
    public PresentedChain fetch(@Nullable String nextHop, @Nullable String connect) {
        NextHop hop = nextHop(nextHop);
        Connect how = how(connect);
        Permit permit = permit(hop);
        if (!free.tryAcquire()) {
            throw new Conflict("Too many servers are being looked at.", "Try again in a minute.");
        }
        try {
            return look(permit, how);
        } catch (NotAllowed refused) {
            tellDenied(refused);
            throw refused;
        } finally {
            free.release();
        }
    }

    private Permit permit(NextHop hop) {
        try {
            return guard.permit(hop);
        } catch (NotAllowed refused) {
            tellDenied(refused);
            throw refused;
        }
    }

    /** A place one may not connect to is a permission one lacks, and audited as such. */
    private void tellDenied(NotAllowed refused) {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        events.publishEvent(
                new AuthorizationDeniedEvent<>(
                        () -> caller, refused.explain(), new AuthorizationDecision(false)));
    }

    @Override
    @PreAuthorize("hasAuthority('certificates:read')")
    public PresentedChain ofListener(String name, InetAddress address, int port, boolean implicit) {
        NextHop hop = nextHop("[" + name + "]:" + port);
        TlsRequirement requirement =
                measure(
                        policies.secureByDefault(hop),
                        policies.secureByDefault(hop),
                        implicit ? Connect.IMPLICIT : Connect.STARTTLS);
        var request =
                new Request(
                        requirement,
                        settings.get(GeneralSettings.SECTION).hostname(),
                        Duration.ZERO,
                        null);
        return answer(hop, requirement, look(new Target(hop.host(), address, port), request), null);
    }

    private PresentedChain look(Permit permit, Connect how) {
        NextHop hop = permit.nextHop();
        String ourselves = settings.get(GeneralSettings.SECTION).hostname();
        PolicyLookup lookup = policies.lookup(hop);
        TlsRequirement requirement = requirement(hop, lookup, how);
        var shown = new AtomicReference<@Nullable TlsObservation>();
        var request = new Request(requirement, ourselves, Duration.ZERO, null, shown::set);
        Found found = targets.find(hop, ourselves);
        permit.require(found);
        Look look =
                switch (found) {
                    case Found.Nowhere(boolean _, String _, String text) -> Look.failed(null, text);
                    case Found.Servers(List<Target> servers) -> first(servers, permit, request);
                };
        return answer(hop, requirement, look, rule(lookup, look, shown.get()));
    }

    /** The first server that gets as far as TLS, else what the last one said. */
    private Look first(List<Target> servers, Permit permit, Request request) {
        Look look = Look.failed(null, "no server");
        for (Target server : servers.subList(0, Math.min(MOST_SERVERS, servers.size()))) {
            look =
                    permit.allows(server.address())
                            ? look(server, request)
                            : Look.failed(null, permit.refused(server.address()).explain());
            if (look.verdict() != null) {
                return look;
            }
        }
        return look;
    }

    private Look look(Target server, Request request) {
        var peer = new TlsPeer(server.host(), server.address().getHostAddress(), server.port());
        return switch (connector.open(server, request, new Transcript(clock))) {
            case Result.Unreachable(String _, String text) -> Look.failed(peer, text);
            // Only the code: whatever answers here may be no mail server and not for these eyes.
            case Result.Rejected(SmtpReply reply, String command) ->
                    Look.failed(peer, "the server answered " + command + " with " + reply.code());
            case Result.Ruled(Verdict.Defer verdict) -> Look.of(peer, verdict);
            case Result.Open(OutboundSession session) -> {
                try (session) {
                    yield Look.of(peer, session.verdict());
                }
            }
        };
    }

    /**
     * The rule's own when it checks chain and name, else level secure by the defaults, with what
     * the rule says of the handshake (versions, suites, SNI). A session is never resumed: it would
     * show an old chain.
     */
    private TlsRequirement requirement(NextHop hop, PolicyLookup lookup, Connect how) {
        TlsRequirement secure = policies.secureByDefault(hop);
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

    private @Nullable VerdictDocument rule(
            PolicyLookup lookup, Look look, @Nullable TlsObservation shown) {
        TlsPeer peer = look.peer();
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

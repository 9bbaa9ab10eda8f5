package org.sealpost.selftest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.certificate.PresentedCertificate;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.delivery.ConnectionPermit;
import org.sealpost.delivery.ServerLook;
import org.sealpost.delivery.ServerLooks;
import org.sealpost.delivery.ServerLooks.Visitor;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.mail.NotFound;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.sealpost.smtp.Listeners;
import org.sealpost.smtp.Strangers;
import org.sealpost.smtp.Strangers.Registration;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsObservation.Established;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.TlsRequirement.Connect;
import org.sealpost.tls.VerdictDocument;
import org.springframework.stereotype.Component;

/** Tests one of our own listeners as a stranger would meet it. */
@Component
class ListenerTest {

    private static final int RESUMABLE_SECONDS = 300;
    private static final List<String> OF_TLS =
            List.of(
                    "served-equals-stored",
                    "protocols",
                    "ciphers",
                    "resumption",
                    "renegotiation-refused",
                    "old-tls-refused",
                    "weak-ciphers-refused");
    private static final List<String> OF_ABUSE =
            List.of(
                    "session",
                    "plaintext-auth-refused",
                    "starttls-injection",
                    "open-relay-refused",
                    "smuggling-refused");

    private final Listeners listeners;
    private final ServerIdentities identities;
    private final TlsPolicies policies;
    private final ServerLooks servers;
    private final Settings settings;
    private final Clock clock;

    ListenerTest(
            Listeners listeners,
            ServerIdentities identities,
            TlsPolicies policies,
            ServerLooks servers,
            Settings settings,
            Clock clock) {
        this.listeners = listeners;
        this.identities = identities;
        this.policies = policies;
        this.servers = servers;
        this.settings = settings;
        this.clock = clock;
    }

    boolean exists(String name) {
        return listeners.list().stream().anyMatch(one -> one.settings().name().equals(name));
    }

    /**
     * @param mailbox who gets a real test message; null for nobody
     */
    Report run(String name, @Nullable String mailbox, Visitor outer, Consumer<Report> progress) {
        String hostname = settings.get(GeneralSettings.SECTION).hostname();
        OwnListener listener =
                listeners.list().stream()
                        .filter(one -> one.settings().name().equals(name))
                        .findFirst()
                        .map(state -> OwnListener.of(state, hostname, outer))
                        .orElseThrow(() -> new NotFound("listener", name));
        if (listener.port() == 0) {
            String problem = listener.state().problem();
            return down(listener, problem == null ? "it is switched off" : problem);
        }
        TlsRequirement requirement = requirement(listener);
        var steps = new Steps(listener, progress);
        var probes = new SessionProbes(listener, requirement);
        ServerLook look =
                look(
                        listener,
                        requirement,
                        sofar -> steps.show(TargetSteps.sofar(located(listener), sofar)));
        judge(listener, requirement, look, steps, probes);
        boolean tls = look.observation() instanceof Established;
        if (look.verdict() == null) {
            steps.skip(OF_TLS, "The session did not come that far.");
            steps.skip(OF_ABUSE, "The session did not come that far.");
            return steps.report();
        }
        if (tls) {
            steps.add(List.of(served(listener, look)));
            List<TestStep> survey = new TlsSurvey(listener).steps();
            steps.add(survey.subList(0, 2));
            steps.add(List.of(resumption(listener, requirement)));
            steps.add(List.of(probes.renegotiation()));
            steps.add(survey.subList(2, survey.size()));
        } else {
            steps.skip(OF_TLS, "There was no TLS session.");
        }
        steps.add(
                List.of(
                        probes.session(
                                mailbox, settings.get(GeneralSettings.SECTION).postmaster())));
        steps.add(
                new AbuseProbes(listener, requirement, settings.get(RelaySettings.SECTION))
                        .steps());
        return steps.report();
    }

    /** The column of the listener while it fills. */
    private static final class Steps {
        private final OwnListener listener;
        private final Consumer<Report> progress;
        private final List<TestStep> steps = new ArrayList<>();
        private TestTarget judged;

        Steps(OwnListener listener, Consumer<Report> progress) {
            this.listener = listener;
            this.progress = progress;
            this.judged = target(listener, null, List.of(), List.of(), List.of());
        }

        /** The first ones, before they are judged. */
        void show(List<TestStep> sofar) {
            progress.accept(of(target(listener, null, sofar, List.of(), List.of()), null));
        }

        void judged(TestTarget target) {
            judged = target;
            add(target.steps());
        }

        void add(List<TestStep> more) {
            steps.addAll(more);
            progress.accept(of(column(), null));
        }

        void skip(List<String> names, String why) {
            add(names.stream().map(name -> TestStep.skip(name, why)).toList());
        }

        private TestTarget column() {
            return target(listener, judged.verdict(), steps, judged.levels(), judged.chain());
        }

        private Report of(TestTarget column, @Nullable String grade) {
            return new Report(
                    null, "", column.verdict(), List.of(column), List.of(), grade, List.of());
        }

        Report report() {
            String grade = Grades.of(steps);
            List<String> reasons = Grades.reasons(steps);
            return new Report(
                    null,
                    "Grade " + grade + (reasons.isEmpty() ? ": nothing to complain of." : "."),
                    judged.verdict(),
                    List.of(column()),
                    CommandLines.ofListener(listener),
                    grade,
                    reasons);
        }
    }

    private static TestTarget target(
            OwnListener listener,
            @Nullable VerdictDocument verdict,
            List<TestStep> steps,
            List<TestTarget.LevelRuling> levels,
            List<PresentedCertificate> chain) {
        return new TestTarget(
                listener.hostname(),
                listener.address().getHostAddress(),
                listener.port(),
                verdict,
                List.copyOf(steps),
                levels,
                chain);
    }

    private static TestStep located(OwnListener listener) {
        return TestStep.skip(
                "dns", "The listener is on this machine, at " + listener.peer().text() + ".");
    }

    private void judge(
            OwnListener listener,
            TlsRequirement requirement,
            ServerLook look,
            Steps steps,
            SessionProbes probes) {
        var levels = new Levels(policies, requirement);
        VerdictDocument ruled = look.verdict() == null ? null : look.verdict().document();
        VerdictDocument measured =
                look.observation() instanceof Established session
                        ? levels.measured(look.peer(), session, clock.instant())
                        : null;
        steps.judged(
                target(
                        listener,
                        ruled,
                        TargetSteps.of(located(listener), look, ruled, measured).stream()
                                .map(step ->
                                        step.name().equals("ehlo2") && measured != null
                                                ? probes.offers()
                                                : step)
                                .toList(),
                        look.observation() == null
                                ? List.of()
                                : levels.rulings(
                                        look.peer(), look.observation(), false, clock.instant()),
                        look.observation() instanceof Established session
                                ? PresentedCertificate.chain(session.chain())
                                : List.of()));
    }

    /** A sender that requires TLS and does not care whose server it is. */
    private TlsRequirement requirement(OwnListener listener) {
        return policies.byDefault(listener.nextHop(), TlsLevel.ENCRYPT)
                .connecting(listener.implicit() ? Connect.IMPLICIT : Connect.STARTTLS)
                .resumableFor(0);
    }

    private ServerLook look(
            OwnListener listener, TlsRequirement requirement, Consumer<ServerLook> onStage) {
        Queue<Registration> registered = new ConcurrentLinkedQueue<>();
        try (var visitor =
                new Visitor(socket -> {
                    registered.add(register(socket, listener.address()));
                    listener.visitor().opens(socket);
                })) {
            return servers.look(
                    new Target(listener.hostname(), listener.address(), listener.port()),
                    new ConnectionPermit(listener.nextHop(), true),
                    requirement,
                    false,
                    visitor,
                    onStage);
        } finally {
            registered.forEach(Registration::close);
        }
    }

    private static Registration register(Socket socket, InetAddress from) {
        try {
            return Strangers.register(socket, from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestStep served(OwnListener listener, ServerLook look) {
        String step = "served-equals-stored";
        List<X509Certificate> shown =
                look.observation() instanceof Established session ? session.chain() : List.of();
        if (shown.isEmpty()) {
            return TestStep.of(step, TestStep.FAIL, "No certificate was served.");
        }
        List<KeyIdentity> stored =
                listener.state().settings().certificateIds().stream()
                        .flatMap(id -> identities.server(id).stream())
                        .toList();
        boolean same =
                Stream.concat(
                                stored.stream(),
                                stored.isEmpty()
                                        ? Stream.of(identities.standard())
                                        : Stream.empty())
                        .anyMatch(one -> one.chain().getFirst().equals(shown.getFirst()));
        String print = Fingerprint.ofCertificate(shown.getFirst(), Digest.SHA256).colonText();
        return same
                ? TestStep.of(
                        step, TestStep.PASS, "Served is the stored certificate " + print + ".")
                : TestStep.of(
                        step,
                        TestStep.FAIL,
                        "Served is " + print + ", which is not what the listener's settings name.");
    }

    private TestStep resumption(OwnListener listener, TlsRequirement requirement) {
        return Probe.step(
                "resumption",
                () -> {
                    TlsRequirement resumable = requirement.resumableFor(RESUMABLE_SECONDS);
                    look(listener, resumable, _ -> {});
                    ServerLook second = look(listener, resumable, _ -> {});
                    boolean resumed =
                            second.observation() instanceof Established session
                                    && session.resumed();
                    return resumed
                            ? TestStep.of("resumption", TestStep.PASS, "A session can be resumed.")
                            : TestStep.of(
                                    "resumption",
                                    TestStep.WARN,
                                    "No session is resumed: each connection costs a full handshake.");
                });
    }

    private static Report down(OwnListener listener, String why) {
        var steps = new Steps(listener, _ -> {});
        steps.add(List.of(located(listener)));
        steps.add(
                List.of(
                        TestStep.of(
                                "connect", TestStep.FAIL, "The listener is down: " + why + ".")));
        steps.skip(TargetSteps.NAMES.subList(2, TargetSteps.NAMES.size()), "It is down.");
        steps.skip(OF_TLS, "It is down.");
        steps.skip(OF_ABUSE, "It is down.");
        return steps.report();
    }
}

package org.sealpost.selftest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.PresentedCertificate;
import org.sealpost.delivery.ConnectionPermit;
import org.sealpost.delivery.ServerLook;
import org.sealpost.delivery.ServerLooks;
import org.sealpost.delivery.ServerLooks.Visitor;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotAllowed;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.tls.TlsJudge;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.VerdictDocument;
import org.springframework.stereotype.Component;

/** Tests every server of a next hop as delivery would meet it. */
@Component
class DestinationTest {

    /** More servers than this hardly any domain has; all of them are tested at the same time. */
    private static final int MOST_SERVERS = 12;

    private final TlsPolicies policies;
    private final ServerLooks servers;
    private final Clock clock;

    DestinationTest(TlsPolicies policies, ServerLooks servers, Clock clock) {
        this.policies = policies;
        this.servers = servers;
        this.clock = clock;
    }

    /** What holds for all servers of one test. */
    private record Setting(
            ConnectionPermit permit,
            TlsRequirement rule,
            boolean signsIn,
            TestStep dns,
            TestBoard board) {}

    /** The columns of a test while they fill; told on each change. */
    private static final class TestBoard {
        private final NextHop nextHop;
        private final Map<Integer, TestTarget> columns = new TreeMap<>();
        private final Consumer<Report> progress;

        TestBoard(NextHop nextHop, Consumer<Report> progress) {
            this.nextHop = nextHop;
            this.progress = progress;
        }

        synchronized void put(int column, TestTarget target) {
            columns.put(column, target);
            progress.accept(
                    new Report(
                            nextHop.text(),
                            "",
                            null,
                            List.copyOf(columns.values()),
                            List.of(),
                            null,
                            List.of()));
        }
    }

    Report run(ConnectionPermit permit, Visitor visitor, Consumer<Report> progress) {
        NextHop nextHop = permit.nextHop();
        return switch (policies.lookup(nextHop)) {
            case PolicyLookup.Unusable(
                            var _,
                            String key,
                            TlsLevel level,
                            String reason,
                            String remedy) ->
                    nowhere(
                            nextHop,
                            TestStep.skip("dns", "No server is asked for."),
                            TlsJudge.unusable(level, key, reason, remedy).document(),
                            reason);
            case PolicyLookup.Found found ->
                    run(permit, found.requirement().resumableFor(0), visitor, progress);
        };
    }

    private Report run(
            ConnectionPermit permit,
            TlsRequirement rule,
            Visitor visitor,
            Consumer<Report> progress) {
        Instant begun = clock.instant();
        Found found;
        try {
            found = servers.find(permit);
        } catch (NotAllowed refused) {
            return nowhere(
                    permit.nextHop(),
                    dns(begun, TestStep.FAIL, refused.explain()),
                    null,
                    refused.explain());
        }
        return switch (found) {
            case Found.Nowhere(boolean _, String code, String text) ->
                    nowhere(
                            permit.nextHop(),
                            dns(begun, TestStep.FAIL, text + " (" + code + ")."),
                            null,
                            text);
            case Found.Servers(List<Target> all) -> {
                List<Target> tested = all.subList(0, Math.min(MOST_SERVERS, all.size()));
                var board = new TestBoard(permit.nextHop(), progress);
                var setting =
                        new Setting(
                                permit,
                                rule,
                                servers.signsIn(permit.nextHop()),
                                dns(begun, TestStep.PASS, ""),
                                board);
                yield report(setting, columns(tested, setting, visitor), all.size());
            }
        };
    }

    private List<Column> columns(List<Target> tested, Setting setting, Visitor visitor) {
        try (var threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("self-test-server-", 0).factory())) {
            var running = new ArrayList<Future<Column>>();
            for (int i = 0; i < tested.size(); i++) {
                int column = i;
                running.add(
                        threads.submit(() -> {
                            Column done = look(tested.get(column), column, setting, visitor);
                            setting.board().put(column, done.target());
                            return done;
                        }));
            }
            return running.stream().map(DestinationTest::result).toList();
        }
    }

    private static Column result(Future<Column> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("a self-test was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a self-test broke off", e.getCause());
        }
    }

    /** A server's column, with who it is. */
    private record Column(TestTarget target, TlsPeer peer) {}

    private Column look(Target server, int column, Setting setting, Visitor visitor) {
        var peer = new TlsPeer(server.host(), server.address().getHostAddress(), server.port());
        TestStep dns = located(setting.dns(), peer);
        if (!setting.permit().allows(server.address())) {
            String why = setting.permit().refused(server.address()).explain();
            TestStep refused = new TestStep("dns", TestStep.FAIL, dns.millis(), why, List.of());
            return new Column(unjudged(peer, TargetSteps.notConnected(refused, waits(why))), peer);
        }
        ServerLook seen =
                servers.look(
                        server,
                        setting.permit(),
                        setting.rule(),
                        setting.signsIn(),
                        visitor,
                        sofar ->
                                setting.board()
                                        .put(
                                                column,
                                                unjudged(peer, TargetSteps.sofar(dns, sofar))));
        return new Column(judged(seen, dns, setting, visitor, server), peer);
    }

    private TestTarget judged(
            ServerLook seen, TestStep dns, Setting setting, Visitor visitor, Target server) {
        Instant now = clock.instant();
        var levels = new Levels(policies, setting.rule());
        TlsObservation shown =
                setting.rule().level() == TlsLevel.NONE && seen.verdict() != null
                        ? offered(levels, setting, visitor, server)
                        : seen.observation();
        VerdictDocument ruled = seen.verdict() == null ? null : seen.verdict().document();
        VerdictDocument measured =
                seen.observation() instanceof TlsObservation.Established session
                        ? levels.measured(seen.peer(), session, now)
                        : null;
        return new TestTarget(
                seen.peer().host(),
                seen.peer().address(),
                seen.peer().port(),
                ruled,
                TargetSteps.of(dns, seen, ruled, measured),
                shown == null
                        ? List.of()
                        : levels.rulings(seen.peer(), shown, setting.signsIn(), now),
                shown instanceof TlsObservation.Established session
                        ? PresentedCertificate.chain(session.chain())
                        : List.of());
    }

    /** At level none delivery never asks for TLS; what it could have got takes a second look. */
    private @Nullable TlsObservation offered(
            Levels levels, Setting setting, Visitor visitor, Target server) {
        return servers.look(
                        server,
                        setting.permit(),
                        levels.at(TlsLevel.MAY).resumableFor(0),
                        false,
                        visitor,
                        _ -> {})
                .observation();
    }

    private static TestTarget unjudged(TlsPeer peer, List<TestStep> steps) {
        return new TestTarget(
                peer.host(), peer.address(), peer.port(), null, steps, List.of(), List.of());
    }

    /** Mail goes to the first server that may have it; else the first that was judged decides. */
    private static Report report(Setting setting, List<Column> columns, int found) {
        Column decides =
                columns.stream()
                        .filter(one -> delivers(one.target()))
                        .findFirst()
                        .or(() ->
                                columns.stream()
                                        .filter(one -> one.target().verdict() != null)
                                        .findFirst())
                        .orElseGet(columns::getFirst);
        VerdictDocument verdict = decides.target().verdict();
        String summary =
                verdict == null
                        ? decides.target().steps().getLast().detail()
                        : switch (verdict.outcome()) {
                            case "deliver-encrypted" ->
                                    "Mail would go to " + decides.peer().text() + " over TLS.";
                            case "deliver-clear" ->
                                    "Mail would go to "
                                            + decides.peer().text()
                                            + " in clear text. "
                                            + verdict.explanation();
                            default -> "Mail would wait. " + verdict.explanation();
                        };
        return new Report(
                setting.permit().nextHop().text(),
                found > columns.size()
                        ? summary
                                + " Only the first "
                                + columns.size()
                                + " of "
                                + found
                                + " addresses were tested."
                        : summary,
                verdict,
                columns.stream().map(Column::target).toList(),
                CommandLines.of(setting.rule(), decides.peer()),
                null,
                List.of());
    }

    private static boolean delivers(TestTarget target) {
        return target.verdict() != null && target.verdict().outcome().startsWith("deliver");
    }

    private static Report nowhere(
            NextHop nextHop, TestStep dns, @Nullable VerdictDocument verdict, String why) {
        return new Report(
                nextHop.text(),
                "Mail would wait: " + why,
                verdict,
                List.of(
                        TestTarget.nowhere(
                                nextHop.host(),
                                nextHop.portNumber(),
                                verdict,
                                TargetSteps.notConnected(dns, waits(why)))),
                List.of(),
                null,
                List.of());
    }

    private static TestStep waits(String why) {
        return TestStep.of("policy", TestStep.FAIL, "Mail would wait: " + why);
    }

    private TestStep dns(Instant begun, String status, String detail) {
        return new TestStep(
                "dns",
                status,
                Duration.between(begun, clock.instant()).toMillis(),
                detail,
                List.of());
    }

    private static TestStep located(TestStep dns, TlsPeer peer) {
        return new TestStep(
                "dns",
                dns.status(),
                dns.millis(),
                peer.host() + " is at " + peer.address() + ".",
                List.of());
    }
}

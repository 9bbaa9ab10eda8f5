package org.sealpost.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.ServerLook;
import org.sealpost.delivery.ServerLook.Reached;
import org.sealpost.delivery.Stage;
import org.sealpost.tls.VerdictDocument;
import org.sealpost.tls.VerdictDocument.CheckDocument;

/** Tells a look at a server as steps; every judgement in them is the judge's. */
final class TargetSteps {

    static final List<String> NAMES =
            List.of(
                    "dns",
                    "connect",
                    "banner",
                    "ehlo",
                    "starttls",
                    "handshake",
                    "chain",
                    "expiry",
                    "name",
                    "pin",
                    "ehlo2",
                    "policy");

    private final ServerLook look;
    private final @Nullable VerdictDocument ruled;
    private final @Nullable VerdictDocument measured;

    /**
     * @param ruled the verdict under the rule in force
     * @param measured what a level that asks for chain and name says of the same session
     */
    private TargetSteps(
            ServerLook look, @Nullable VerdictDocument ruled, @Nullable VerdictDocument measured) {
        this.look = look;
        this.ruled = ruled;
        this.measured = measured;
    }

    /** The steps of a look that has ended. */
    static List<TestStep> of(
            TestStep dns,
            ServerLook look,
            @Nullable VerdictDocument ruled,
            @Nullable VerdictDocument measured) {
        var all = new TargetSteps(look, ruled, measured);
        return List.of(
                dns,
                all.stage("connect", Stage.CONNECT),
                all.stage("banner", Stage.BANNER),
                all.stage("ehlo", Stage.EHLO),
                all.starttls(),
                all.handshake(),
                all.identity("chain", "chain"),
                all.identity("expiry", "validity"),
                all.identity("name", "name"),
                all.pin(),
                all.look.implicit()
                        ? TestStep.skip("ehlo2", "With implicit TLS there is one EHLO.")
                        : all.stage("ehlo2", Stage.EHLO_AGAIN),
                all.policy());
    }

    /** The steps of a look that goes on: those that are over. */
    static List<TestStep> sofar(TestStep dns, ServerLook look) {
        var over = new ArrayList<TestStep>();
        over.add(dns);
        List<Reached> reached = look.stages();
        for (Reached stage : reached.subList(0, Math.max(0, reached.size() - 1))) {
            over.add(
                    new TestStep(
                            name(stage.stage()), TestStep.PASS, stage.millis(), "", stage.lines()));
        }
        return over;
    }

    /** The steps of a place that is not connected to. */
    static List<TestStep> notConnected(TestStep dns, TestStep policy) {
        var steps = new ArrayList<TestStep>();
        steps.add(dns);
        NAMES.subList(1, NAMES.size() - 1)
                .forEach(name -> steps.add(TestStep.skip(name, "Nothing was connected to.")));
        steps.add(policy);
        return steps;
    }

    private static String name(Stage stage) {
        return switch (stage) {
            case CONNECT -> "connect";
            case BANNER -> "banner";
            case EHLO -> "ehlo";
            case STARTTLS -> "starttls";
            case HANDSHAKE -> "handshake";
            case EHLO_AGAIN -> "ehlo2";
        };
    }

    private TestStep stage(String name, Stage stage) {
        return reached(stage)
                .map(reached ->
                        failedIn(stage)
                                ? step(name, TestStep.FAIL, reached, String.valueOf(look.failure()))
                                : step(name, TestStep.PASS, reached, passed(stage)))
                .orElseGet(() -> TestStep.skip(name, notReached()));
    }

    private String passed(Stage stage) {
        return switch (stage) {
            case CONNECT -> "Connected to " + look.peer().text() + ".";
            case BANNER -> "The server greeted.";
            case EHLO, EHLO_AGAIN -> "The server answered.";
            case STARTTLS, HANDSHAKE -> "";
        };
    }

    private String notReached() {
        return look.failure() == null
                ? "The session ended before."
                : "The session did not come that far.";
    }

    private TestStep starttls() {
        if (look.implicit()) {
            return TestStep.skip("starttls", "TLS began with the first byte.");
        }
        Optional<Reached> reached = reached(Stage.STARTTLS);
        Optional<CheckDocument> check = check(ruled, "starttls");
        if (failedIn(Stage.STARTTLS)) {
            return stage("starttls", Stage.STARTTLS);
        }
        if (check.isPresent()) {
            return step(
                    "starttls",
                    check.get().result(),
                    reached.orElse(null),
                    "STARTTLS: " + check.get().seen() + ".");
        }
        return reached.map(stage -> step("starttls", TestStep.PASS, stage, "STARTTLS: offered."))
                .orElseGet(() -> TestStep.skip("starttls", notReached()));
    }

    private TestStep handshake() {
        Optional<Reached> reached = reached(Stage.HANDSHAKE);
        if (reached.isEmpty()) {
            return TestStep.skip("handshake", notReached());
        }
        VerdictDocument document = ruled == null ? measured : ruled;
        if (failedIn(Stage.HANDSHAKE) || document == null) {
            return stage("handshake", Stage.HANDSHAKE);
        }
        var worst = TestStep.PASS;
        var detail = new StringBuilder();
        if (document.protocol() != null) {
            detail.append(document.protocol()).append(" with cipher ").append(document.cipher());
        }
        for (String name : List.of("handshake", "protocol", "cipher")) {
            Optional<CheckDocument> check = check(document, name);
            String result = check.map(CheckDocument::result).orElse(TestStep.PASS);
            if (result.equals(TestStep.FAIL)
                    || (result.equals(TestStep.WARN) && worst.equals(TestStep.PASS))) {
                worst = result;
            }
            if (check.isPresent() && !result.equals(TestStep.PASS)) {
                detail.append(detail.isEmpty() ? "" : "; ")
                        .append(name)
                        .append(": ")
                        .append(check.get().seen())
                        .append(" instead of ")
                        .append(check.get().expected());
            }
        }
        return step("handshake", worst, reached.get(), detail + ".");
    }

    /**
     * What the rule asks for passes or fails. What it does not ask for is told all the same, as a
     * warning; an expired certificate always fails.
     */
    private TestStep identity(String name, String check) {
        Optional<CheckDocument> asked =
                check(ruled, check)
                        .filter(one -> one.result().equals("pass") || one.result().equals("fail"));
        if (asked.isPresent()) {
            return told(name, asked.get().result(), asked.get());
        }
        Optional<CheckDocument> seen = check(measured, check);
        if (seen.isEmpty()) {
            return TestStep.skip(name, "No certificate was shown.");
        }
        boolean ends = isFailed("validity") && !name.equals("name");
        return told(
                name,
                seen.get().result().equals(TestStep.FAIL) && !ends
                        ? TestStep.WARN
                        : seen.get().result(),
                seen.get());
    }

    private boolean isFailed(String check) {
        return check(measured, check).filter(one -> one.result().equals("fail")).isPresent();
    }

    private static TestStep told(String name, String status, CheckDocument check) {
        return TestStep.of(
                name,
                status,
                status.equals(TestStep.PASS)
                        ? check.seen() + "."
                        : "Expected " + check.expected() + ", seen: " + check.seen() + ".");
    }

    private TestStep pin() {
        return check(ruled, "pin")
                .map(check -> told("pin", check.result(), check))
                .orElseGet(() -> TestStep.skip("pin", "The rule pins nothing."));
    }

    private TestStep policy() {
        if (ruled == null) {
            return TestStep.of(
                    "policy",
                    TestStep.FAIL,
                    "Mail would wait: " + String.valueOf(look.failure()) + ".");
        }
        String status =
                switch (ruled.outcome()) {
                    case "deliver-encrypted" -> TestStep.PASS;
                    case "deliver-clear" -> TestStep.WARN;
                    default -> TestStep.FAIL;
                };
        return TestStep.of("policy", status, ruled.explanation());
    }

    private Optional<Reached> reached(Stage stage) {
        return look.stages().stream().filter(one -> one.stage() == stage).findFirst();
    }

    private boolean failedIn(Stage stage) {
        return look.failure() != null
                && !look.stages().isEmpty()
                && look.stages().getLast().stage() == stage;
    }

    private static Optional<CheckDocument> check(@Nullable VerdictDocument document, String name) {
        return document == null
                ? Optional.empty()
                : document.checks().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private static TestStep step(
            String name, String status, @Nullable Reached reached, String detail) {
        return reached == null
                ? TestStep.of(name, status, detail)
                : new TestStep(name, status, reached.millis(), detail, reached.lines());
    }
}

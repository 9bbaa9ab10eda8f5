package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyAttributes.PinLabel;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsDefaults;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.policy.TlsSettings;
import org.sealpost.settings.Versioned;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.tls.TlsLevel;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.WebApplicationContext;

/** The editor's review, and every change that asks less than what holds now. */
@RunningSealpost
class PolicyChangePagesTests {

    private static final String PIN = "sha256:" + "AB:".repeat(31) + "AB";
    private static final String OLD_PIN = "sha1:" + "AB:".repeat(19) + "AB";

    private final TlsPolicies policies;
    private final TlsDefaults defaults;
    private final JdbcTemplate database;
    private final Pages editor;
    private final Pages administrator;
    private final Pages viewer;

    PolicyChangePagesTests(
            TlsPolicies policies,
            TlsDefaults defaults,
            JdbcTemplate database,
            WebApplicationContext application) {
        this.policies = policies;
        this.defaults = defaults;
        this.database = database;
        this.editor = Pages.of(application, "policies:write");
        this.administrator = Pages.of(application, "policies:write", "settings:write");
        this.viewer = Pages.of(application);
    }

    @AfterEach
    void removeAll() {
        asEditor(() ->
                policies.all().stream()
                        .filter(rule -> rule.nextHop().contains("change.example"))
                        .toList()
                        .forEach(rule -> policies.delete(rule.id(), null)));
    }

    @Test
    void theReviewShowsPostfixsLineWarningsAndWhatReallyHolds() {
        var form = form("look.change.example", "fingerprint");
        form.put("match", PIN + "\n" + OLD_PIN);

        assertThat(editor.postFragment("/policies/preview", form))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "look.change.example fingerprint",
                        "MD5 or SHA-1 pin",
                        "stronger",
                        "TLSv1.3, TLSv1.2",
                        "rule look.change.example")
                .doesNotContain("<title>", "Nothing to complain about");
        assertThat(
                        policies.all().stream()
                                .filter(rule -> rule.nextHop().contains("look.change"))
                                .toList())
                .isEmpty();
    }

    @Test
    void theReviewTellsWhatWouldBeRefusedBeforeItIsSent() {
        var form = form("[x", "encrypt");
        form.put("match", "nexthop");

        assertThat(editor.postFragment("/policies/preview", form))
                .hasStatusOk()
                .bodyText()
                .contains("“[x” is not a next hop.", "match is invalid at the level encrypt");
    }

    @Test
    void withoutScriptAButtonShowsTheReviewOnTheWholePage() {
        TlsPolicy rule = add("button.change.example", "encrypt", null);
        var form = form("button.change.example", "secure");
        form.put("id", String.valueOf(rule.id()));

        assertThat(editor.post("/policies/preview", form))
                .hasStatusOk()
                .bodyText()
                .contains("<title>", "stronger", "value=\"secure\" checked");
        assertThat(only("button.change.example").level()).isEqualTo(TlsLevel.ENCRYPT);
        assertThat(viewer.post("/policies/preview", form)).hasStatus(403);
    }

    @Test
    void whatTheFormDoesNotShowIsKeptAndLabelsGoWithTheirPins() {
        var attributes =
                PolicyAttributes.builder()
                        .match(List.of(PIN, OLD_PIN))
                        .connectionReuse("yes")
                        .labels(
                                Map.of(
                                        PIN,
                                        new PinLabel("their new one", null),
                                        OLD_PIN,
                                        new PinLabel("their old one", null)))
                        .build();
        TlsPolicy rule = add("kept.change.example", "fingerprint", attributes);
        assertThat(editor.get("/policies/" + rule.id()))
                .bodyText()
                .contains("connection_reuse", "their new one", "their old one");

        var form = form("kept.change.example", "fingerprint");
        form.put("match", PIN);
        form.put("version", String.valueOf(rule.version()));
        assertThat(editor.post("/policies/" + rule.id(), form)).hasRedirectedUrl("/policies");

        PolicyAttributes kept = only("kept.change.example").attributes();
        assertThat(kept.connectionReuse()).isEqualTo("yes");
        assertThat(kept.labels()).containsOnlyKeys(PIN);
    }

    @Test
    void anAttributeThatIsNotLegalAtTheLevelIsRefusedOnlyIfItIsSent() {
        var attributes = PolicyAttributes.builder().match(List.of("nexthop")).build();
        TlsPolicy rule = add("legal.change.example", "secure", attributes);
        var form = form("legal.change.example", "encrypt");
        form.put("version", String.valueOf(rule.version()));
        form.put("reason", "their certificate expired");

        form.put("match", "nexthop");
        assertThat(editor.post("/policies/" + rule.id(), form))
                .hasStatus(422)
                .bodyText()
                .contains("href=\"#match\"");
        form.remove("match");
        assertThat(editor.post("/policies/" + rule.id(), form)).hasRedirectedUrl("/policies");
        assertThat(only("legal.change.example").attributes().match()).isNull();
    }

    @Test
    void savingSomethingWeakerIsShownFirstAndNeedsAReasonThatTheAuditKeeps() {
        TlsPolicy rule = add("weaker.change.example", "secure", null);
        var form = form("weaker.change.example", "encrypt");
        form.put("version", String.valueOf(rule.version()));

        assertThat(editor.post("/policies/" + rule.id(), form))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "asks less of",
                        "The level falls from secure to encrypt.",
                        "name=\"confirmed\"",
                        "name=\"nextHop\" value=\"weaker.change.example\"");
        form.put("confirmed", "true");
        form.put("reason", " ");
        assertThat(editor.post("/policies/" + rule.id(), form))
                .hasStatus(422)
                .bodyText()
                .contains("needs a reason", "href=\"#reason\"");
        assertThat(only("weaker.change.example").level()).isEqualTo(TlsLevel.SECURE);

        form.put("reason", "their chain broke, ticket 4711");
        assertThat(editor.post("/policies/" + rule.id(), form)).hasRedirectedUrl("/policies");
        assertThat(only("weaker.change.example").level()).isEqualTo(TlsLevel.ENCRYPT);
        assertThat(audited(rule)).contains("\"reason\":\"their chain broke, ticket 4711\"");
    }

    @Test
    void aNewRuleThatIsWeakerThanWhatHoldsNeedsAReasonToo() {
        add(".under.change.example", "secure", null);
        var form = form("a.under.change.example", "may");

        assertThat(editor.post("/policies", form))
                .hasStatusOk()
                .bodyText()
                .contains("the rule .under.change.example", "Weaken this rule");
        form.put("reason", "a test machine");
        assertThat(editor.post("/policies", form)).hasRedirectedUrl("/policies");
        assertThat(audited(only("a.under.change.example"))).contains("a test machine");
    }

    @Test
    void removingARuleShowsWhatHoldsThenAndNeedsAReasonIfThatIsWeaker() {
        TlsPolicy rule = add("gone.change.example", "secure", null);
        String version = String.valueOf(rule.version());
        String path = "/policies/" + rule.id() + "/delete";

        assertThat(editor.get(path)).bodyText().contains("the default", "weaker", "Reason");
        assertThat(editor.post(path, Map.of("version", version)))
                .hasStatus(422)
                .bodyText()
                .contains("needs a reason");
        assertThat(policies.find(rule.id())).isPresent();
        assertThat(editor.post(path, Map.of("version", version, "reason", "contract ended")))
                .hasRedirectedUrl("/policies");
        assertThat(audited(rule)).contains("\"reason\":\"contract ended\"", "from secure to may");

        add(".same.change.example", "secure", null);
        TlsPolicy twice = add("b.same.change.example", "secure", null);
        assertThat(
                        editor.post(
                                "/policies/" + twice.id() + "/delete",
                                Map.of("version", String.valueOf(twice.version()))))
                .hasRedirectedUrl("/policies");
    }

    @Test
    void whoConfirmsTooLateIsToldAndLosesNothing() {
        TlsPolicy rule = add("late.change.example", "secure", null);
        asEditor(() -> policies.update(rule.id(), draft(rule.nextHop(), "verify", null), null));
        var form = form("late.change.example", "encrypt");
        form.putAll(
                Map.of(
                        "version",
                        String.valueOf(rule.version()),
                        "confirmed",
                        "true",
                        "reason",
                        "my reason"));

        assertThat(editor.post("/policies/" + rule.id(), form))
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else was faster", "name=\"reason\" value=\"my reason\"");
        assertThat(
                        editor.post(
                                "/policies/" + rule.id() + "/delete",
                                Map.of(
                                        "version",
                                        String.valueOf(rule.version()),
                                        "reason",
                                        "my reason")))
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else was faster", ">my reason</textarea>");
        assertThat(only("late.change.example").level()).isEqualTo(TlsLevel.VERIFY);
    }

    @Test
    void severalRulesChangeTogetherAfterOneLook() {
        TlsPolicy one = add("one.bulk.change.example", "encrypt", null);
        TlsPolicy two = add("two.bulk.change.example", "secure", null);

        assertThat(editor.postAll("/policies/bulk", bulk("disable", one, two)))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "Disable 2 rules?",
                        "one.bulk.change.example",
                        "2 of them would ask less than now.",
                        "name=\"version\" value=\"" + two.version() + "\"");
        var apply = bulk("disable", one, two);
        assertThat(editor.postAll("/policies/bulk/apply", apply))
                .hasStatus(422)
                .bodyText()
                .contains("needs a reason");
        assertThat(only("one.bulk.change.example").mode()).isEqualTo("enforced");
        apply.put("reason", List.of("maintenance"));
        apply.put("back", List.of("/policies?q=bulk.change"));
        assertThat(editor.postAll("/policies/bulk/apply", apply))
                .hasRedirectedUrl("/policies?q=bulk.change");
        assertThat(only("one.bulk.change.example").mode()).isEqualTo("disabled");
        assertThat(only("two.bulk.change.example").mode()).isEqualTo("disabled");
        assertThat(audited(two)).contains("maintenance");

        assertThat(viewer.postAll("/policies/bulk/apply", apply)).hasStatus(403);
        assertThat(viewer.postAll("/policies/bulk", bulk("delete", one))).hasStatus(403);
    }

    @Test
    void aBulkChangeThatOneRuleRefusesOrThatCameTooLateChangesNothing() {
        TlsPolicy plain = add("plain.bulk.change.example", "encrypt", null);
        var named = PolicyAttributes.builder().match(List.of("nexthop")).build();
        TlsPolicy names = add("names.bulk.change.example", "secure", named);

        var level = bulk("level", plain, names);
        level.put("level", List.of("encrypt"));
        level.put("reason", List.of("why not"));
        assertThat(editor.postAll("/policies/bulk", level))
                .bodyText()
                .contains("match is invalid at the level encrypt", "Already so, and left alone")
                .doesNotContain("btn-danger");
        assertThat(editor.postAll("/policies/bulk/apply", level)).hasStatus(422);

        var late = bulk("delete", plain, names);
        late.put("reason", List.of("gone"));
        asEditor(() -> policies.update(names.id(), draft(names.nextHop(), "verify", named), null));
        assertThat(editor.postAll("/policies/bulk/apply", late))
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else was faster", ">gone</textarea>");
        assertThat(policies.find(plain.id())).isPresent();
        assertThat(policies.find(names.id())).isPresent();
    }

    @Test
    void selectedRulesAreExportedAloneAndNothingSelectedIsTold() {
        TlsPolicy one = add("one.file.change.example", "encrypt", null);
        add("two.file.change.example", "encrypt", null);

        assertThat(viewer.postAll("/policies/bulk", bulk("export", one)))
                .hasStatusOk()
                .bodyText()
                .contains("one.file.change.example encrypt")
                .doesNotContain("two.file");
        assertThat(
                        editor.post(
                                "/policies/bulk",
                                Map.of("action", "disable", "back", "//evil.example")))
                .hasRedirectedUrl("/policies");
    }

    @Test
    void theDefaultsAreEditedAndWeakeningThemNeedsAReason() {
        Versioned<TlsSettings> before = defaults.get();
        try {
            var stronger =
                    new HashMap<>(TlsDefaultsForm.of(before.value(), before.version()).fields());
            stronger.put("level", "encrypt");
            stronger.put("mandatoryProtocols", ">=TLSv1.3");
            assertThat(administrator.post("/settings/tls", stronger))
                    .hasRedirectedUrl("/settings/tls");
            assertThat(defaults.get().value().level()).isEqualTo(TlsLevel.ENCRYPT);

            assertThat(administrator.post("/settings/tls", stronger))
                    .hasStatus(409)
                    .bodyText()
                    .contains("Somebody else was faster", "&gt;=TLSv1.3");

            stronger.put("version", String.valueOf(defaults.get().version()));
            stronger.put("mandatoryProtocols", ">=TLSv1.2");
            assertThat(administrator.post("/settings/tls", stronger))
                    .hasStatusOk()
                    .bodyText()
                    .contains("The oldest TLS version falls from TLSv1.3 to TLSv1.2.");
            stronger.put("confirmed", "true");
            assertThat(administrator.post("/settings/tls", stronger)).hasStatus(422);
            stronger.put("reason", "an old partner");
            assertThat(administrator.post("/settings/tls", stronger))
                    .hasRedirectedUrl("/settings/tls");
            assertThat(lastAudited("settings tls")).contains("\"reason\":\"an old partner\"");
        } finally {
            asEditor(() -> defaults.update(before.value(), null));
        }
    }

    @Test
    void aDefaultThatCannotBeReadIsRefusedAtItsField() {
        Versioned<TlsSettings> now = defaults.get();
        var form = new HashMap<>(TlsDefaultsForm.of(now.value(), now.version()).fields());
        form.putAll(Map.of("logLevel", "loud", "fallbackAfter", "soon"));

        assertThat(administrator.post("/settings/tls", form))
                .hasStatus(422)
                .bodyText()
                .contains("href=\"#logLevel\"", "href=\"#fallbackAfter\"", "value=\"soon\"");
        assertThat(viewer.get("/settings/tls"))
                .hasStatusOk()
                .bodyText()
                .contains("disabled=\"disabled\"")
                .doesNotContain("Save the defaults");
        assertThat(viewer.post("/settings/tls", form)).hasStatus(403);
        assertThat(defaults.get()).isEqualTo(now);
    }

    private static Map<String, List<String>> bulk(String action, TlsPolicy... rules) {
        var form = new HashMap<String, List<String>>();
        form.put("action", List.of(action));
        form.put("id", List.of(rules).stream().map(rule -> String.valueOf(rule.id())).toList());
        form.put(
                "version",
                List.of(rules).stream().map(rule -> String.valueOf(rule.version())).toList());
        return form;
    }

    private String audited(TlsPolicy rule) {
        return lastAudited("policy " + rule.id());
    }

    private String lastAudited(String object) {
        return Objects.requireNonNull(
                database.queryForObject(
                        "select after_value from audit_entry where object = ? order by id desc limit 1",
                        String.class,
                        object));
    }

    private TlsPolicy add(String nextHop, String level, @Nullable PolicyAttributes attributes) {
        asEditor(() -> policies.create(draft(nextHop, level, attributes)));
        return only(nextHop);
    }

    private TlsPolicy only(String nextHop) {
        return policies.all().stream()
                .filter(rule -> rule.nextHop().contains(nextHop))
                .toList()
                .stream()
                .filter(rule -> rule.nextHop().equals(nextHop))
                .findAny()
                .orElseThrow();
    }

    private static PolicyDraft draft(
            String nextHop, String level, @Nullable PolicyAttributes attributes) {
        return new PolicyDraft(nextHop, level, attributes, null, null, null);
    }

    private static Map<String, String> form(String nextHop, String level) {
        return new HashMap<>(Map.of("nextHop", nextHop, "level", level, "mode", "enforced"));
    }

    private static void asEditor(Runnable work) {
        SecurityContextHolder.getContext()
                .setAuthentication(
                        new TestingAuthenticationToken(
                                "test", null, "policies:write", "settings:write"));
        try {
            work.run();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}

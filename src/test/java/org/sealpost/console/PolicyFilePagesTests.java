package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.delivery.Routes;
import org.sealpost.delivery.Routes.RouteDraft;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.tls.TlsLevel;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

/** Rules from files, and what would hold for a recipient. */
@RunningSealpost
class PolicyFilePagesTests {

    private static final Pattern STAMP = Pattern.compile("name=\"stamp\" value=\"([0-9a-f]{64})\"");
    private static final String FILE =
            """
            # agreed in May
            one.import.example  may
            new.import.example  secure match=nexthop
            stay.import.example encrypt
            """;

    private final TlsPolicies policies;
    private final Routes routes;
    private final JdbcTemplate database;
    private final Pages editor;
    private final Pages administrator;
    private final Pages viewer;

    PolicyFilePagesTests(
            TlsPolicies policies,
            Routes routes,
            JdbcTemplate database,
            WebApplicationContext application) {
        this.policies = policies;
        this.routes = routes;
        this.database = database;
        this.editor = Pages.of(application, "policies:write");
        this.administrator =
                Pages.of(application, "policies:write", "settings:write", "routes:write");
        this.viewer = Pages.of(application);
    }

    @AfterEach
    void removeAll() {
        as(() ->
                policies.all().stream()
                        .filter(rule -> rule.nextHop().contains("import.example"))
                        .toList()
                        .forEach(rule -> policies.delete(rule.id(), null)));
    }

    @Test
    void aFileIsPlannedAndThenAppliedExactlyAsPlanned() {
        add("one.import.example", "secure");
        add("stay.import.example", "encrypt");

        MvcTestResult plan = editor.post("/policies/import", Map.of("text", FILE));
        assertThat(plan)
                .hasStatusOk()
                .bodyText()
                .containsSubsequence("<strong>1</strong>", "added")
                .contains(
                        "one.import.example secure",
                        "The level falls from secure to may.",
                        "new.import.example secure match=nexthop",
                        "Apply this plan")
                .doesNotContain("stay.import.example</span>");
        assertThat(only("one.import.example").level()).isEqualTo(TlsLevel.SECURE);

        var apply = apply(plan, FILE);
        assertThat(editor.post("/policies/import/apply", apply))
                .hasStatus(422)
                .bodyText()
                .contains("needs a reason");
        apply.put("reason", "their new server");
        assertThat(editor.post("/policies/import/apply", apply)).hasRedirectedUrl("/policies");
        assertThat(only("one.import.example").level()).isEqualTo(TlsLevel.MAY);
        assertThat(only("one.import.example").note()).isEqualTo("agreed in May");
        assertThat(only("new.import.example").attributes().match()).containsExactly("nexthop");
        assertThat(audited(only("one.import.example")))
                .contains("policy.imported", "\"reason\":\"their new server\"");

        assertThat(editor.post("/policies/import", Map.of("text", FILE)))
                .hasStatusOk()
                .bodyText()
                .contains("there is nothing to do")
                .doesNotContain("Apply this plan");
    }

    @Test
    void everyMistakeOfAFileIsShownWithItsLineAndNothingCanBeApplied() {
        String wrong = "good.import.example encrypt\nbad.import.example strong\n* may\n";

        MvcTestResult plan = editor.post("/policies/import", Map.of("text", wrong));
        assertThat(plan)
                .hasStatus(422)
                .bodyText()
                .contains(
                        "“strong” is not a TLS level.",
                        "bad.import.example strong",
                        "“*” is not a next hop.",
                        "set the default level instead",
                        "Make the plan again")
                .doesNotContain("Apply this plan");
        var apply = new HashMap<>(Map.of("text", wrong, "mode", "merge", "stamp", "0"));
        assertThat(editor.post("/policies/import/apply", apply)).hasStatus(409);
        assertThat(
                        policies.all().stream()
                                .filter(rule -> rule.nextHop().contains("good.import"))
                                .toList())
                .isEmpty();
    }

    @Test
    void aPlanThatIsNoLongerTrueIsShownAgain() {
        TlsPolicy rule = add("one.import.example", "encrypt");
        String file = "one.import.example secure\n";
        var late = apply(editor.post("/policies/import", Map.of("text", file)), file);
        as(() -> policies.update(rule.id(), draft("one.import.example", "verify"), null));

        MvcTestResult again = editor.post("/policies/import/apply", late);
        assertThat(again)
                .hasStatus(409)
                .bodyText()
                .contains("The table has changed since the plan was made", "example verify");
        assertThat(only("one.import.example").level()).isEqualTo(TlsLevel.VERIFY);
        assertThat(editor.post("/policies/import/apply", apply(again, file)))
                .hasRedirectedUrl("/policies");
        assertThat(only("one.import.example").level()).isEqualTo(TlsLevel.SECURE);
    }

    @Test
    void aFileIsUploadedToReplaceTheTable() {
        add("gone.import.example", "secure");

        assertThat(
                        editor.upload(
                                "/policies/import",
                                "tls_policy",
                                FILE.getBytes(StandardCharsets.UTF_8),
                                Map.of("mode", "replace")))
                .hasStatusOk()
                .bodyText()
                .contains("gone.import.example", "removed", "name=\"mode\" value=\"replace\"");
        assertThat(only("gone.import.example")).isNotNull();
        assertThat(editor.post("/policies/import", Map.of("text", " ")))
                .hasStatus(422)
                .bodyText()
                .contains("There is nothing to import.");
        assertThat(editor.post("/policies/import", Map.of("text", "#".repeat(1_500_001))))
                .hasStatus(422)
                .bodyText()
                .contains("longer than 1.5 MB", "/api/v1/policies/import");
    }

    @Test
    void aPostfixConfigurationIsPlannedAndTakenOverByAdministratorsOnly() {
        var form =
                Map.of(
                        "mainCf",
                        "smtp_tls_policy_maps = hash:/etc/postfix/tls_policy\n",
                        "tlsPolicy",
                        "moved.import.example secure, match=nexthop\n");

        MvcTestResult plan = administrator.post("/policies/import/postfix", form);
        assertThat(plan)
                .hasStatusOk()
                .bodyText()
                .contains("smtp_tls_policy_maps", "applied", "Its entries become TLS policies.");
        var apply =
                Map.of(
                        "fileName", "tls_policy",
                        "fileText", "moved.import.example secure, match=nexthop\n");
        assertThat(administrator.post("/policies/import/postfix/apply", stamped(apply, "0")))
                .hasStatus(409)
                .bodyText()
                .contains("nothing was taken over");
        String stamp =
                stamp(
                        administrator.post(
                                "/policies/import/postfix",
                                Map.of(
                                        "tlsPolicy",
                                        "moved.import.example secure, match=nexthop\n")));
        assertThat(administrator.post("/policies/import/postfix/apply", stamped(apply, stamp)))
                .hasRedirectedUrl("/policies");
        assertThat(only("moved.import.example").attributes().match()).containsExactly("nexthop");

        assertThat(editor.get("/policies/import/postfix")).hasStatus(403);
        assertThat(editor.post("/policies/import/postfix", form)).hasStatus(403);
        assertThat(editor.get("/policies/import")).bodyText().doesNotContain("From main.cf");
    }

    @Test
    void aPostfixConfigurationThatWeakensNeedsAReason() {
        TlsPolicy rule = add("weak.import.example", "secure");
        String file = "weak.import.example encrypt\n";
        MvcTestResult plan =
                administrator.post("/policies/import/postfix", Map.of("tlsPolicy", file));
        assertThat(plan)
                .hasStatusOk()
                .bodyText()
                .contains("Asks less than now", "The level falls from secure to encrypt.");
        var apply = stamped(Map.of("fileName", "tls_policy", "fileText", file), stamp(plan));

        assertThat(administrator.post("/policies/import/postfix/apply", apply))
                .hasStatus(422)
                .bodyText()
                .contains("needs a reason");
        assertThat(only("weak.import.example").level()).isEqualTo(TlsLevel.SECURE);
        apply.put("reason", "as the old relay had it");
        assertThat(administrator.post("/policies/import/postfix/apply", apply))
                .hasRedirectedUrl("/policies");
        assertThat(audited(rule))
                .contains(
                        "\"weaker\":[\"The level falls from secure to encrypt.\"]",
                        "\"reason\":\"as the old relay had it\"");
    }

    @Test
    void whatIsRefusedOfAPostfixConfigurationIsLeftOutOnlyWhenSaidSo() {
        String mainCf = "smtp_tls_policy_maps = hash:/etc/postfix/elsewhere\n";
        MvcTestResult plan =
                administrator.post("/policies/import/postfix", Map.of("mainCf", mainCf));
        assertThat(plan).hasStatusOk().bodyText().contains("refused", "was not attached");
        var apply = stamped(Map.of("fileName", "main.cf", "fileText", mainCf), stamp(plan));

        assertThat(administrator.post("/policies/import/postfix/apply", apply))
                .hasStatus(422)
                .bodyText()
                .contains("tick the box");
        apply.put("skipRefused", "true");
        assertThat(administrator.post("/policies/import/postfix/apply", apply))
                .hasRedirectedUrl("/policies");
        assertThat(administrator.post("/policies/import/postfix", Map.of()))
                .hasStatus(422)
                .bodyText()
                .contains("neither a main.cf nor a tls_policy");
    }

    @Test
    void simulatingShowsTheKeysInOrderAndWhatHolds() {
        TlsPolicy rule = add(".sim.import.example", "secure");
        as(() ->
                routes.create(
                        new RouteDraft(
                                "routed.import.example", "[gate.import.example]:587", null, null)));
        try {
            assertThat(
                            viewer.get(
                                    "/policies/simulate?for=a.sim.import.example\n"
                                            + "user@routed.import.example\nnot a hop"))
                    .hasStatusOk()
                    .bodyText()
                    .containsSubsequence(
                            ">a.sim.import.example</span> <span class=\"sub\">no rule in force",
                            "/policies/" + rule.id(),
                            "matches",
                            "secure, decided by the rule .sim.import.example",
                            "A route sends this mail to [gate.import.example]:587",
                            ">the default</a>",
                            "That is not a next hop.");
        } finally {
            as(() ->
                    routes.list().stream()
                            .filter(route -> route.pattern().equals("routed.import.example"))
                            .forEach(route -> routes.delete(route.id(), null)));
        }
    }

    private static Map<String, String> apply(MvcTestResult plan, String text) {
        return new HashMap<>(Map.of("text", text, "mode", "merge", "stamp", stamp(plan)));
    }

    private static Map<String, String> stamped(Map<String, String> form, String stamp) {
        var all = new HashMap<>(form);
        all.put("stamp", stamp);
        return all;
    }

    private static String stamp(MvcTestResult plan) {
        Matcher matcher = STAMP.matcher(body(plan));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String body(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }

    private String audited(TlsPolicy rule) {
        return Objects.requireNonNull(
                database.queryForObject(
                        "select concat(action, after_value) from audit_entry where object = ?"
                                + " order by id desc limit 1",
                        String.class,
                        "policy " + rule.id()));
    }

    private TlsPolicy add(String nextHop, String level) {
        as(() -> policies.create(draft(nextHop, level)));
        return only(nextHop);
    }

    private TlsPolicy only(String nextHop) {
        return policies.all().stream()
                .filter(rule -> rule.nextHop().contains(nextHop))
                .toList()
                .getFirst();
    }

    private static PolicyDraft draft(String nextHop, String level) {
        return new PolicyDraft(nextHop, level, null, null, null, null);
    }

    private static void as(Runnable work) {
        SecurityContextHolder.getContext()
                .setAuthentication(
                        new TestingAuthenticationToken(
                                "test", null, "policies:write", "routes:write"));
        try {
            work.run();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}

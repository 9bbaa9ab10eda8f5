package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.tls.TlsLevel;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.WebApplicationContext;

@RunningSealpost
class PolicyPagesTests {

    private static final String WRITE = "policies:write";

    private final TlsPolicies policies;
    private final Pages editor;
    private final Pages viewer;

    PolicyPagesTests(TlsPolicies policies, WebApplicationContext application) {
        this.policies = policies;
        this.editor = Pages.of(application, WRITE);
        this.viewer = Pages.of(application);
    }

    @AfterEach
    void removeAll() {
        asEditor(() ->
                policies.all().stream()
                        .filter(rule -> rule.nextHop().contains("console.example"))
                        .toList()
                        .forEach(rule -> policies.delete(rule.id(), null)));
    }

    @Test
    void aRuleIsAddedEditedAndRemoved() {
        assertThat(editor.post("/policies", form("add.console.example", "encrypt")))
                .hasRedirectedUrl("/policies");
        TlsPolicy added = only("add.console.example");
        assertThat(added.level()).isEqualTo(TlsLevel.ENCRYPT);

        var change = form("add.console.example", "secure");
        change.put("match", "nexthop\r\n.partner.example\r\n");
        change.put("version", String.valueOf(added.version()));
        assertThat(editor.post("/policies/" + added.id(), change)).hasRedirectedUrl("/policies");
        TlsPolicy changed = only("add.console.example");
        assertThat(changed.attributes().match()).containsExactly("nexthop", ".partner.example");

        assertThat(
                        editor.post(
                                "/policies/" + added.id() + "/delete",
                                Map.of(
                                        "version",
                                        String.valueOf(changed.version()),
                                        "reason",
                                        "partner is gone")))
                .hasRedirectedUrl("/policies");
        assertThat(policies.find(added.id())).isEmpty();
    }

    @Test
    void theListPinsTheDefaultAndHidesItInASearch() {
        add("list.console.example", "secure");

        assertThat(editor.get("/policies"))
                .hasStatusOk()
                .bodyText()
                .contains("<title>Policies", "all other destinations", "list.console.example");
        assertThat(editor.get("/policies?q=list.console&level=secure"))
                .bodyText()
                .contains("list.console.example")
                .doesNotContain("all other destinations");
        assertThat(editor.get("/policies?q=list.console&level=none"))
                .bodyText()
                .contains("No rule matches this search.");
    }

    @Test
    void filtersByModeAndWeaknessStandInTheAddress() {
        add("strong.filter.console.example", "secure");
        add("open.filter.console.example", "may");
        asEditor(() ->
                policies.create(
                        new PolicyDraft(
                                "off.filter.console.example",
                                "encrypt",
                                null,
                                "disabled",
                                null,
                                null)));

        assertThat(editor.get("/policies?q=filter.console&weak=true"))
                .bodyText()
                .contains("open.filter.console", "clear text possible", ">1 rule<")
                .doesNotContain("strong.filter.console", "off.filter.console");
        assertThat(editor.get("/policies?q=filter.console&mode=disabled"))
                .bodyText()
                .contains("off.filter.console", ">1 rule<")
                .doesNotContain("strong.filter.console", "open.filter.console");
        assertThat(editor.get("/policies?q=filter.console&mode=enforced"))
                .bodyText()
                .contains(
                        ">2 rules<", "back\" value=\"/policies?q=filter.console&amp;mode=enforced");
    }

    @Test
    void theTableIsDownloadedAsPostfixReadsIt() {
        add("export.console.example", "secure");

        assertThat(viewer.get("/policies/export"))
                .hasStatusOk()
                .hasHeader("Content-Disposition", "attachment; filename=\"tls_policy\"")
                .bodyText()
                .startsWith("# TLS policy table")
                .contains("\nexport.console.example secure\n");
    }

    @Test
    void htmxGetsTheRowsAlone() {
        add("rows.console.example", "secure");

        assertThat(editor.fragment("/policies?q=rows.console"))
                .hasStatusOk()
                .bodyText()
                .contains("rows.console.example")
                .doesNotContain("<title>", "<nav");
    }

    @Test
    void pagesFollowEachOther() {
        for (int i = 10; i < 10 + Listing.SIZE + 1; i++) {
            add("p" + i + ".page.console.example", "encrypt");
        }

        assertThat(editor.get("/policies?q=page.console"))
                .bodyText()
                .contains("?q=page.console&amp;after=p59.page.console.example")
                .doesNotContain("p60.page.console.example", "First page");
        assertThat(editor.get("/policies?q=page.console&after=p59.page.console.example"))
                .bodyText()
                .contains("p60.page.console.example", "First page")
                .doesNotContain(">p59.page", "Next page");
    }

    @Test
    void everyProblemStandsAtItsFieldAndAboveTheForm() {
        var form = form("[x", "fingerprint");
        form.put("protocols", ">=TLSv9");

        assertThat(editor.post("/policies", form))
                .hasStatus(422)
                .bodyText()
                .contains(
                        "Nothing was saved yet",
                        "href=\"#nextHop\"",
                        "href=\"#match\"",
                        "“[x” is not a next hop.",
                        "value=\"&gt;=TLSv9\"");
    }

    @Test
    void aSecondRuleForANextHopIsAConflictAtThatField() {
        add("twice.console.example", "encrypt");

        assertThat(editor.post("/policies", form("twice.console.example", "secure")))
                .hasStatus(409)
                .bodyText()
                .contains(
                        "There is already a rule for twice.console.example.", "href=\"#nextHop\"");
    }

    @Test
    void whoComesSecondSeesWhatTheOtherStored() {
        TlsPolicy rule = add("race.console.example", "encrypt");
        var mine = form("race.console.example", "may");
        mine.put("version", String.valueOf(rule.version()));
        asEditor(() -> policies.update(rule.id(), draft("race.console.example", "secure"), null));

        assertThat(editor.post("/policies/" + rule.id(), mine))
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else was faster", "This is what is stored now", "secure");
        assertThat(only("race.console.example").level()).isEqualTo(TlsLevel.SECURE);
    }

    @Test
    void whoMayOnlyLookSeesNoButtonsAndIsRefused() {
        TlsPolicy rule = add("look.console.example", "encrypt");

        assertThat(viewer.get("/policies?q=look.console"))
                .bodyText()
                .contains("look.console.example")
                .doesNotContain("Add rule", "Remove");
        assertThat(viewer.get("/policies/" + rule.id()))
                .hasStatusOk()
                .bodyText()
                .contains("disabled=\"disabled\"")
                .doesNotContain(">Save<");
        assertThat(viewer.get("/policies/new")).hasStatus(403).bodyText().contains("Not allowed");
        assertThat(viewer.post("/policies", form("no.console.example", "may")))
                .hasStatus(403)
                .bodyText()
                .contains("<nav", "Your roles do not include this.");
        assertThat(viewer.post("/policies/" + rule.id() + "/delete", Map.of("version", "0")))
                .hasStatus(403);
        assertThat(policies.find(rule.id())).isPresent();
    }

    @Test
    void aFormFromElsewhereIsRefused() {
        assertThat(editor.postWithoutToken("/policies?nextHop=evil.console.example&level=none"))
                .hasStatus(403);
        assertThat(
                        policies.all().stream()
                                .filter(rule -> rule.nextHop().contains("evil.console"))
                                .toList())
                .isEmpty();
    }

    @Test
    void whatIsWrittenIsNeverMarkup() {
        var form = form("escape.console.example", "encrypt");
        form.put("note", "<script>alert(1)</script>");
        editor.post("/policies", form);

        assertThat(editor.get("/policies?q=escape.console"))
                .bodyText()
                .contains("&lt;script&gt;alert(1)")
                .doesNotContain("<script>alert");
        assertThat(editor.get("/policies?q=%22%3E%3Cscript%3Ealert(2)"))
                .bodyText()
                .doesNotContain("<script>alert");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "example.com          | example.com       | example.com yes, a.example.com no, [example.com] no, example.com:25 no",
                ".Example.COM         | .example.com      | example.com no, a.example.com yes, [example.com] no, example.com:25 no",
                "[mx.example.com]     | [mx.example.com]  | [mx.example.com] yes, a.mx.example.com no, mx.example.com no, [mx.example.com]:25 no",
                "[192.0.2.1]:587      | [192.0.2.1]:587   | [192.0.2.1] no, [192.0.2.1]:587 yes",
                ".example.com:25      | -                 | -",
                "[x                   | -                 | -"
            })
    void thePreviewSaysWhatAKeyCatches(String typed, @Nullable String key, @Nullable String want) {
        KeyPreview preview = KeyPreview.of(typed);

        assertThat(preview.key()).isEqualTo(key);
        List<String> shown =
                preview.samples().stream()
                        .map(sample -> sample.nextHop() + (sample.caught() ? " yes" : " no"))
                        .toList();
        assertThat(String.join(", ", shown)).isEqualTo(want == null ? "" : want);
    }

    private TlsPolicy add(String nextHop, String level) {
        asEditor(() -> policies.create(draft(nextHop, level)));
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

    private static Map<String, String> form(String nextHop, String level) {
        return new HashMap<>(Map.of("nextHop", nextHop, "level", level, "mode", "enforced"));
    }

    private static void asEditor(Runnable work) {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("test", null, WRITE));
        try {
            work.run();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}

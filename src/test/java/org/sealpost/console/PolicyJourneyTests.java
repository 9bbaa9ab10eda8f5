package org.sealpost.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/** The policies screen as an administrator works with it, in a real browser. */
@RunningSealpost
class PolicyJourneyTests {

    private static final String PIN = "sha256:" + "7F:".repeat(31) + "7F";

    private final int http;
    private final TlsPolicies policies;

    PolicyJourneyTests(@Value("${local.server.port}") int http, TlsPolicies policies) {
        this.http = http;
        this.policies = policies;
    }

    @BeforeEach
    void addRules() {
        asEditor(() -> {
            for (String rule :
                    List.of(
                            "clinic.rules.example secure",
                            ".bank.rules.example verify",
                            "[relay.rules.example]:587 encrypt",
                            "old.rules.example may")) {
                String[] parts = rule.split(" ");
                policies.create(
                        new PolicyDraft(
                                parts[0],
                                parts[1],
                                null,
                                null,
                                null,
                                "Agreed with their mail team."));
            }
        });
    }

    @AfterEach
    void removeRules() {
        asEditor(() ->
                policies.all().stream()
                        .filter(rule -> rule.nextHop().contains("rules.example"))
                        .toList()
                        .forEach(rule -> policies.delete(rule.id(), null)));
    }

    @Test
    void aDayWithTheRules() {
        try (Browser browser = Browser.open(http)) {
            Page page = browser.page();
            page.navigate("/login");
            page.getByLabel("User name").fill("admin");
            page.getByLabel("Password").fill("Correct-Horse-9");
            button(page, "Sign in").click();

            writeARule(browser, page);
            weakenIt(browser, page);
            changeSeveral(browser, page);
            editTheDefaults(browser, page);
            importAFile(browser, page);
            simulate(browser, page);

            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void writeARule(Browser browser, Page page) {
        page.navigate("/policies/new");
        Locator review = page.locator("#rule-review");
        page.getByLabel("Next hop").pressSequentially("lab.rules.example");
        assertThat(review).containsText("lab.rules.example secure");
        assertThat(page.getByLabel("Trust anchors")).isVisible();

        page.getByText("fingerprint", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.getByLabel("Trust anchors")).not().isVisible();
        assertThat(review).containsText("needs at least one fingerprint");
        page.getByLabel("Match").fill(PIN + "\nsha1:" + "7F:".repeat(19) + "7F");
        assertThat(review).containsText("MD5 or SHA-1 pin");
        assertThat(review).containsText("stronger");

        page.getByText("encrypt", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.getByLabel("Match")).not().isVisible();
        assertThat(review).containsText("lab.rules.example encrypt");
        page.getByText("fingerprint", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.getByLabel("Match")).hasValue(PIN + "\nsha1:" + "7F:".repeat(19) + "7F");
        assertThat(review).containsText("lab.rules.example fingerprint");
        browser.photograph("policy-editor");
        browser.photographSmall("policy-editor");
        page.getByLabel("Match").fill(PIN);
        button(page, "Add rule").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("lab.rules.example is in force");
    }

    private static void weakenIt(Browser browser, Page page) {
        page.navigate("/policies?q=lab.rules");
        link(page, "lab.rules.example").click();
        page.getByText("may", new Page.GetByTextOptions().setExact(true)).click();
        assertThat(page.locator("#rule-review")).containsText("weaker");
        button(page, "Save").click();
        assertThat(page.getByText("asks less of")).isVisible();
        button(page, "Weaken this rule").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("needs a reason");
        browser.photograph("policy-weaker");
        browser.photographSmall("policy-weaker");
        page.getByLabel("Reason").fill("Their new server has no certificate yet.");
        button(page, "Weaken this rule").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("next connection");
    }

    private static void changeSeveral(Browser browser, Page page) {
        page.navigate("/policies");
        page.getByLabel("Search").pressSequentially("rules.example");
        assertThat(page.getByText("all other destinations")).not().isVisible();
        page.getByLabel("Select all on this page").check();
        assertThat(page.getByText("5 selected:")).isVisible();
        browser.photograph("policies-selected");
        browser.photographSmall("policies-selected");
        button(page, "Disable").click();
        assertThat(page.getByText("Disable 5 rules?")).isVisible();
        browser.photograph("policies-bulk");
        browser.photographSmall("policies-bulk");
        page.getByLabel("Reason").fill("Maintenance of the line.");
        button(page, "Disable 5 rules").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("Done: Disable 5 rules.");
        assertThat(page.locator(".row-off")).hasCount(5);
        page.getByLabel("Weak only").check();
        assertThat(page.locator(".row-off")).hasCount(2);
    }

    private static void editTheDefaults(Browser browser, Page page) {
        page.navigate("/policies");
        link(page, "Default").click();
        assertThat(page.getByLabel("Protocols at may")).hasValue(">=TLSv1.2");
        browser.photograph("tls-defaults");
        browser.photographSmall("tls-defaults");
        link(page, "Alerts").click();
        assertThat(page.getByLabel("Mail address")).isVisible();
        browser.photograph("settings-alerts");
        link(page, "Relay").click();
        assertThat(page.getByLabel("Networks that may send anywhere")).isVisible();
        browser.photograph("settings-relay");
        browser.photographSmall("settings-relay");
    }

    private static void importAFile(Browser browser, Page page) {
        page.navigate("/policies");
        link(page, "Import").click();
        browser.photograph("policy-import");
        page.getByLabel("Paste the file")
                .fill(
                        """
                        # new contract
                        ward.rules.example   secure match=nexthop:dot-nexthop
                        clinic.rules.example encrypt
                        broken.rules.example strong
                        """);
        button(page, "Show the plan").click();
        assertThat(page.getByText("is not a TLS level")).isVisible();
        browser.photograph("policy-import-refused");
        page.getByLabel("The file")
                .fill(
                        """
                        # new contract
                        ward.rules.example   secure match=nexthop:dot-nexthop
                        clinic.rules.example encrypt
                        """);
        button(page, "Make the plan again").click();
        assertThat(page.getByText("ward.rules.example secure match")).isVisible();
        browser.photograph("policy-import-plan");
        browser.photographSmall("policy-import-plan");
        button(page, "Apply this plan").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("1 added, 1 changed");

        page.navigate("/policies/import/postfix");
        page.getByLabel("or paste main.cf")
                .fill(
                        "smtp_tls_security_level = may\nsmtp_tls_policy_maps = hash:/etc/postfix/x\n");
        button(page, "Show the plan").click();
        assertThat(page.getByText("was not attached")).isVisible();
        browser.photograph("policy-move");
        browser.photographSmall("policy-move");
    }

    private static void simulate(Browser browser, Page page) {
        page.navigate("/policies");
        link(page, "Simulate").click();
        page.getByLabel("Recipients or next hops")
                .fill("nurse@ward.rules.example\na.bank.rules.example\n[relay.rules.example]:587");
        button(page, "Simulate").click();
        assertThat(page.getByText("secure, decided by the rule ward.rules.example")).isVisible();
        browser.photograph("policy-simulate");
        browser.photographSmall("policy-simulate");
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static void asEditor(Runnable work) {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("test", null, "policies:write"));
        try {
            work.run();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}

package org.sealpost.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.crypto.password.PasswordEncoder;

/** An administrator's first day, in a real browser. */
@RunningSealpost
class ConsoleJourneyTests {

    private static final String NAME = "newcomer";
    private static final String ONE_TIME = "Printed-Once-4711";
    private static final String OWN = "Quiet-Harbour-33";

    private final int http;
    private final JdbcTemplate jdbc;
    private final PasswordEncoder encoder;

    ConsoleJourneyTests(
            @Value("${local.server.port}") int http, JdbcTemplate jdbc, PasswordEncoder encoder) {
        this.http = http;
        this.jdbc = jdbc;
        this.encoder = encoder;
    }

    @BeforeEach
    void addNewcomer() {
        jdbc.update(
                "insert into app_user (username, password_hash, roles, must_change_password,"
                        + " created_at, version) values (?, ?, 'administrator', true,"
                        + " current_timestamp, 0)",
                NAME,
                encoder.encode(ONE_TIME));
    }

    @AfterEach
    void removeNewcomer() {
        jdbc.update("delete from app_user where username = ?", NAME);
    }

    @Test
    void theFirstDay() {
        try (Browser browser = Browser.open(http)) {
            Page page = browser.page();
            signInTheFirstTime(browser, page);
            keepRules(browser, page);
            page.navigate("/no-such-page");
            assertThat(heading(page, "There is no such page")).isVisible();
            assertThat(page.getByRole(AriaRole.NAVIGATION)).isVisible();
            browser.photograph("not-found");

            page.locator("summary").filter(containing(NAME)).click();
            button(page, "Sign out").click();
            assertThat(page.getByText("You are signed out.")).isVisible();

            assertThat(browser.complaints()).isEmpty();
        }
    }

    private void signInTheFirstTime(Browser browser, Page page) {
        page.navigate("/policies");
        assertThat(heading(page, "Sign in")).isVisible();
        browser.photograph("login");
        signIn(page, "not this one");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("password is wrong");
        signIn(page, ONE_TIME);

        assertThat(heading(page, "Choose a password of your own")).isVisible();
        browser.photograph("password");
        page.getByLabel("Present password").fill(ONE_TIME);
        page.getByLabel("New password", new Page.GetByLabelOptions().setExact(true)).fill(OWN);
        page.getByLabel("New password again").fill(OWN);
        button(page, "Change password").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Your password is changed.");
    }

    private static void signIn(Page page, String password) {
        page.getByLabel("User name").fill(NAME);
        page.getByLabel("Password").fill(password);
        button(page, "Sign in").click();
    }

    private void keepRules(Browser browser, Page page) {
        link(page, "Policies").click();
        link(page, "Add rule").click();
        page.waitForLoadState();
        page.getByLabel("Next hop").pressSequentially(".journey.example");
        assertThat(page.locator("#key-preview")).containsText("a.journey.example yes");
        page.getByText("fingerprint", new Page.GetByTextOptions().setExact(true)).click();
        button(page, "Add rule").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("needs at least one fingerprint");
        browser.photograph("policy-refused");

        page.getByText("secure", new Page.GetByTextOptions().setExact(true)).click();
        page.getByLabel("Match").fill("nexthop\ndot-nexthop");
        page.getByLabel("Protocols").fill(">=TLSv1.3");
        page.getByLabel("Note").fill("Agreed with their mail team.");
        button(page, "Add rule").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText(".journey.example is in force");
        browser.photograph("policies");

        page.getByLabel("Search").pressSequentially("journey");
        assertThat(page.getByText("all other destinations")).not().isVisible();
        link(page, ".journey.example").click();
        page.getByLabel("Note").fill("Agreed by telephone.");
        browser.photograph("policy");
        button(page, "Save").click();
        assertThat(page.getByText("Agreed by telephone.")).isVisible();

        link(page, "Remove .journey.example").click();
        page.getByLabel("Reason").fill("The partner is gone.");
        browser.photograph("policy-remove");
        button(page, "Remove rule").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("is removed");
        assertThat(link(page, ".journey.example")).not().isVisible();
    }

    private static Locator heading(Page page, String name) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator.FilterOptions containing(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }
}

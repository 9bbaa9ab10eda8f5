package org.sealpost.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;

/** A message that waits for TLS: seen as it happens, understood, let go, gone. */
@RunningSealpost
class MailJourneyTests {

    private final int http;
    private final HttpCaller admin;
    private final Listeners listeners;
    private SmtpPeer partner;
    private long route;
    private long rule;

    MailJourneyTests(@Value("${local.server.port}") int http, Listeners listeners) {
        this.http = http;
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
    }

    @BeforeEach
    void aPartnerWithoutTls() throws Exception {
        partner = new SmtpPeer();
        route =
                created(
                        "/routes",
                        "{\"pattern\":\"partner.example\",\"nextHop\":\"%s\"}"
                                .formatted(partner.nextHop()));
        rule =
                created(
                        "/policies",
                        "{\"nextHop\":\"%s\",\"level\":\"encrypt\",\"note\":\"Agreed.\"}"
                                .formatted(partner.nextHop()));
    }

    @AfterEach
    void noPartner() throws Exception {
        admin.json("DELETE", "/api/v1/routes/" + route, null);
        admin.json("DELETE", "/api/v1/policies/" + rule, null);
        partner.close();
    }

    @Test
    void aMessageThatWaitsForTls() throws Exception {
        try (Browser browser = Browser.open(http)) {
            Page page = browser.page();
            page.navigate("/live?q=desk@partner.example");
            page.getByLabel("User name").fill("admin");
            page.getByLabel("Password").fill("Correct-Horse-9");
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Sign in").setExact(true))
                    .click();

            String id = seenLive(browser, page);
            understood(browser, page, id);
            letGo(browser, page, id);
            kept(browser, page);

            assertThat(browser.complaints()).isEmpty();
        }
    }

    private String seenLive(Browser browser, Page page) throws IOException {
        Locator state = page.locator("#live-state");
        assertThat(state).hasText("live");
        assertThat(page.getByText("No event matches these filters.")).isVisible();

        String id = send();

        Locator waits = page.locator(".event").filter(containing("status=deferred")).first();
        assertThat(waits).containsText("TLS is required, but was not offered");
        assertThat(page.getByText("No event matches these filters.")).not().isVisible();

        page.getByText("Clear all filters").click();
        assertThat(state).hasText("live");
        page.getByRole(AriaRole.BUTTON, named("Pause")).click();
        assertThat(state).hasText("paused");
        SmtpPeer.talk(port(), "EHLO second.journey.example", "QUIT");
        Locator resume = page.getByRole(AriaRole.BUTTON, named("waiting"));
        assertThat(resume).isVisible();
        Locator second = page.locator(".event").filter(containing("second.journey.example"));
        assertThat(second).hasCount(0);
        resume.click();
        assertThat(second).hasCount(1);
        browser.photograph("live");
        browser.photographSmall("live");

        page.locator(".event")
                .filter(containing("status=deferred"))
                .locator(".when a")
                .first()
                .click();
        assertThat(
                        page.getByRole(
                                AriaRole.HEADING, new Page.GetByRoleOptions().setName("Dialogue")))
                .isVisible();
        browser.photograph("event");
        return id;
    }

    private void understood(Browser browser, Page page, String id) {
        page.getByRole(AriaRole.LINK, link("Dashboard")).click();
        assertThat(page.locator(".attention").filter(containing(partner.nextHop())))
                .containsText("its TLS does not satisfy the rule");
        browser.photograph("dashboard");
        browser.photographSmall("dashboard");

        page.locator(".attention")
                .filter(containing(partner.nextHop()))
                .getByRole(AriaRole.LINK)
                .click();
        assertThat(page.locator("#queue-rows")).containsText("TLS");
        browser.photograph("queue");
        browser.photographSmall("queue");

        page.getByRole(AriaRole.LINK, link(id)).click();
        Locator verdict = page.locator(".verdict");
        assertThat(verdict).containsText("The mail waits");
        assertThat(verdict.locator(".check-fail")).containsText("STARTTLS");
        assertThat(page.getByRole(AriaRole.LINK, link("Open the rule"))).isVisible();
        browser.photograph("queue-message");
        browser.photographSmall("queue-message");
        browser.portrait("console");
    }

    private void letGo(Browser browser, Page page, String id) throws Exception {
        page.getByRole(AriaRole.BUTTON, named("Hold")).click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("1 message is held.");
        admin.json("DELETE", "/api/v1/policies/" + rule, null);
        page.reload();
        assertThat(page.getByText("It has changed since the last attempt")).isVisible();

        page.getByRole(AriaRole.BUTTON, named("Release")).click();

        await().atMost(Duration.ofSeconds(10)).until(() -> partner.taken().size() == 1);
        page.navigate("/queue/" + id);
        assertThat(page.getByText("Not in the queue")).isVisible();
        browser.photograph("queue-gone");
    }

    private void kept(Browser browser, Page page) {
        page.getByRole(AriaRole.LINK, link("Routes")).click();
        assertThat(page.locator("tbody")).containsText("partner.example");
        browser.photograph("routes");
        page.getByRole(AriaRole.LINK, link("partner.example")).click();
        browser.photograph("route");
        page.getByRole(AriaRole.LINK, link("Users")).click();
        assertThat(page.locator("tbody")).containsText("administrator");
        browser.photograph("users");
        browser.photographSmall("users");
        page.getByRole(AriaRole.LINK, link("Mail accounts")).click();
        browser.photograph("mail-accounts");
        page.getByRole(AriaRole.LINK, link("Audit")).click();
        page.locator(".diff").first().locator("summary").click();
        browser.photograph("audit");
        browser.photographSmall("audit");
    }

    private String send() throws IOException {
        List<String> replies =
                SmtpPeer.talk(
                        port(),
                        "EHLO app.journey.example",
                        "MAIL FROM:<orders@journey.example>",
                        "RCPT TO:<desk@partner.example>",
                        "DATA",
                        "Subject: order 4711\r\n\r\nhello\r\n.",
                        "QUIT");
        return replies.get(replies.size() - 2).substring("250 2.0.0 Ok: queued as ".length());
    }

    private int port() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("smtp"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }

    private long created(String path, String body) throws Exception {
        return JsonMapper.shared()
                .readTree(admin.json("POST", "/api/v1" + path, body).body())
                .get("id")
                .asLong();
    }

    private static Page.GetByRoleOptions named(String part) {
        return new Page.GetByRoleOptions().setName(part);
    }

    private static Page.GetByRoleOptions link(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static Locator.FilterOptions containing(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }
}

package org.sealpost.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.PeerStep;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;

/** An administrator tests a partner and a listener, watches, and goes on from there. */
@RunningSealpost
class SelfTestJourneyTests {

    private final int http;
    private final SmtpPeer partner;

    SelfTestJourneyTests(@Value("${local.server.port}") int http) throws IOException {
        this.http = http;
        this.partner = new SmtpPeer().offersStarttls(TestCa.create().leaf("localhost").issue());
    }

    @AfterEach
    void noPartner() throws IOException {
        partner.close();
    }

    @Test
    void aPartnerAndAListener() {
        try (Browser browser = Browser.open(http)) {
            Page page = browser.page();
            page.navigate("/self-tests");
            page.getByLabel("User name").fill("admin");
            page.getByLabel("Password").fill("Correct-Horse-9");
            button(page, "Sign in");

            watched(page);
            partner.agrees(PeerStep.EHLO);
            partnerTested(browser, page);
            listenerTested(browser, page);

            button(page, "Test it every day");
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("smtp is tested by schedule");
            assertThat(page.locator("tbody tr").first()).containsText("smtp");
            browser.photograph("self-tests");
            page.getByText("Remove").last().click();
            assertThat(page.getByRole(AriaRole.STATUS)).containsText("The schedule is removed");
            assertThat(page.locator(".lined")).containsText("All rules at fingerprint and above");
            assertThat(page.locator(".lined")).not().containsText("every 24h");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** A test that hangs shows how far it came, without a reload. */
    private void watched(Page page) {
        partner.fallsSilent(PeerStep.EHLO);
        page.getByLabel("Destination, recipient or next hop").fill(partner.nextHop());
        button(page, "Test it");
        assertThat(page.locator("#progress tbody tr")).hasCount(3);
        assertThat(page.locator("#progress")).containsText("running");
        button(page, "Cancel");
        assertThat(page.locator("#progress")).containsText("cancelled");
    }

    private void partnerTested(Browser browser, Page page) {
        button(page, "Run again");
        assertThat(page.locator("#progress")).containsText("goes over TLS");
        assertThat(page.locator("#progress")).containsText("Mail would go to localhost[127.0.0.1]");
        page.locator("tr")
                .filter(new Locator.FilterOptions().setHasText("ehlo2"))
                .getByText("Dialogue")
                .click();
        assertThat(page.getByText("C: QUIT")).isVisible();
        assertThat(page.locator("#progress")).containsText("posttls-finger -c -l may");
        browser.photograph("self-test");

        page.getByText("Pin the key").click();
        assertThat(page.locator("#nextHop")).hasValue(partner.nextHop());
    }

    private static void listenerTested(Browser browser, Page page) {
        page.navigate("/listeners/smtp");
        button(page, "Test it as a stranger");
        assertThat(page.locator("#progress"))
                .containsText(
                        "grade B", new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
        assertThat(page.locator("#progress")).containsText("smuggling-refused");
        browser.photograph("self-test-listener");
    }

    private static void button(Page page, String name) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }
}

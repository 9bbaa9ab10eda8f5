package org.sealpost.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.sealpost.certificate.Fingerprints;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;

/** From an uploaded file to a pin, in a real browser and without a command line. */
@RunningSealpost
class CertificateJourneyTests {

    private final int http;

    CertificateJourneyTests(@Value("${local.server.port}") int http) {
        this.http = http;
    }

    @Test
    void fromAFileToAPin() throws Exception {
        TestCa ca = TestCa.create("Journey CA");
        try (Browser browser = Browser.open(http);
                var peer = new SmtpPeer()) {
            Page page = browser.page();
            page.navigate("/certificates");
            page.getByLabel("User name").fill("admin");
            page.getByLabel("Password").fill("Correct-Horse-9");
            button(page, "Sign in").click();
            browser.photograph("certificates");

            upload(browser, page, ca.leaf("mx.journey.example", "mail.journey.example").issue());
            long rule = pin(browser, page, peer, ca);
            HttpCaller.administrator(http).json("DELETE", "/api/v1/policies/" + rule, null);

            page.navigate("/listeners/smtp");
            button(page, "Look at what it serves").click();
            assertThat(page.getByText("served as stored").first()).isVisible();
            changeOfAListener(browser, page);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void changeOfAListener(Browser browser, Page page) {
        link(page, "Change").click();
        browser.photograph("listener-change");
        browser.photographSmall("listener-change");
        page.getByLabel("Level", new Page.GetByLabelOptions().setExact(true)).selectOption("none");
        button(page, "Save the listener").click();
        assertThat(page.getByText("TLS falls from may to none.")).isVisible();
        browser.photograph("listener-weaker");
        link(page, "Keep it as it is").click();
        assertThat(page.getByLabel("Level", new Page.GetByLabelOptions().setExact(true)))
                .hasValue("may");
    }

    private static void upload(Browser browser, Page page, TestCa.Identity identity) {
        link(page, "Upload").click();
        button(page, "Look at it first").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Nothing was given");
        page.getByLabel("Files")
                .setInputFiles(
                        new FilePayload(
                                "whatever.bin",
                                "application/octet-stream",
                                identity.pem().getBytes(StandardCharsets.UTF_8)));
        button(page, "Look at it first").click();
        assertThat(page.getByText("Nothing is stored yet")).isVisible();
        assertThat(page.content()).doesNotContain("PRIVATE KEY");
        browser.photograph("certificate-preview");

        button(page, "Store it").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("The certificate is stored.");
        String print = Fingerprints.of(identity.chain()).postfixMatch();
        assertThat(page.getByText(print, new Page.GetByTextOptions().setExact(true))).isVisible();
        assertThat(page.getByText("mail.journey.example").first()).isVisible();
        browser.photograph("certificate");
        browser.photographSmall("certificate");

        link(page, "Remove").click();
        button(page, "Remove certificate").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("is removed");
    }

    /** Returns the rule that was made. */
    private static long pin(Browser browser, Page page, SmtpPeer peer, TestCa ca) {
        TestCa.Identity identity = ca.leaf("localhost").issue();
        peer.offersStarttls(identity);
        page.navigate("/certificates/fetch");
        page.getByLabel("Next hop").fill(peer.nextHop());
        button(page, "Fetch").click();
        assertThat(page.getByText("The first look is trust")).isVisible();
        assertThat(page.getByText("untrusted issuer CN=Journey CA").first()).isVisible();
        browser.photograph("certificate-fetch");

        link(page, "Pin the key").click();
        assertThat(page.getByLabel("Match"))
                .hasValue(
                        "spki-sha256:"
                                + Fingerprints.of(identity.chain()).publicKey().get("sha256"));
        assertThat(page.getByLabel("Next hop")).hasValue(peer.nextHop());
        button(page, "Add rule").click();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("is in force");

        page.navigate("/certificates/fetch");
        page.getByLabel("Next hop").fill(peer.nextHop());
        button(page, "Fetch").click();
        assertThat(page.getByText("would let mail go")).isVisible();
        link(page, "Open the rule of this next hop").click();
        assertThat(page.getByLabel("Next hop")).hasValue(peer.nextHop());
        return Long.parseLong(page.url().replaceFirst(".*/", ""));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator link(Page page, String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }
}

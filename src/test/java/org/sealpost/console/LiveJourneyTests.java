package org.sealpost.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.testing.SealpostProcess;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;

/** The live page while mail is sent, while it is paused, and over a restart of the server. */
class LiveJourneyTests {

    private static final Path SWAKS = Path.of("/usr/bin/swaks");

    @Test
    void nothingIsMissedAndNothingTwice(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(SWAKS), "swaks is not installed: apt install swaks");
        int http = freePort();
        try (var partner = new SmtpPeer().offersStarttls(TestCa.selfSigned("localhost"));
                var sealpost =
                        new SealpostProcess(
                                folder,
                                partner.nextHop(),
                                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                                List.of(
                                        "--server.port=" + http,
                                        "--sealpost.bootstrap.admin-password=Correct-Horse-9"));
                Browser browser = Browser.open(http)) {
            Page live = browser.page();
            signIn(live, "/live");
            Locator state = live.locator("#live-state");
            assertThat(state).hasText("live");

            swaks(sealpost.port(), "one@partner.example");
            assertThat(rows(live, "connect from unknown[127.0.0.1]").first()).isVisible();
            assertThat(rows(live, "to=<one@partner.example>")).containsText("status=sent");
            assertThat(rows(live, "ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5")).hasCount(1);

            live.getByRole(AriaRole.BUTTON, named("Pause")).click();
            swaks(sealpost.port(), "two@partner.example");
            Locator waiting = live.getByRole(AriaRole.BUTTON, named("waiting"));
            assertThat(waiting).isVisible();
            assertThat(rows(live, "to=<two@partner.example>")).hasCount(0);
            waiting.click();
            assertThat(rows(live, "to=<two@partner.example>")).hasCount(1);

            sealpost.stop();
            assertThat(state).hasText("reconnecting");
            sealpost.startAgain();
            swaks(sealpost.port(), "three@partner.example");
            assertThat(state).hasText("signed out");
            Page other = live.context().newPage();
            signIn(other, "/live?result=delivered&tls=untrusted&group=session");
            assertThat(state).hasText("live");
            assertThat(rows(live, "to=<three@partner.example>")).hasCount(1);
            swaks(sealpost.port(), "four@partner.example");
            assertThat(rows(live, "to=<four@partner.example>")).hasCount(1);
            for (String name : List.of("one", "two", "three")) {
                assertThat(rows(live, "to=<" + name + "@partner.example>")).hasCount(1);
            }
            assertThat(rows(other, "to=<four@partner.example>")).hasCount(1);
            assertThat(rows(other, "connect from")).hasCount(0);
            browser.photograph("live-restarted");

            live.getByTitle("The story of this message").first().click();
            assertThat(live.locator("h1")).containsText("The story of");
            live.getByText("What was said").first().click();
            assertThat(live.getByText("EHLO ").first()).isVisible();
            browser.photograph("live-story");
            live.navigate("/live/watches?direction=outbound&peer=partner.example");
            live.getByRole(AriaRole.BUTTON, named("Watch")).click();
            assertThat(live.locator("h1")).containsText("partner.example");
            browser.photograph("live-watch");
            live.navigate("/live/watches");
            browser.photograph("live-watches");
            live.navigate("/policies/relax?nextHop=partner.example");
            browser.photograph("policy-relax");
            // That is how a browser tells of a server that is away, and of a session that ended.
            assertThat(browser.complaints())
                    .allMatch(
                            one -> one.contains("ERR_CONNECTION") || one.contains("status of 401"));
        }
    }

    private static void signIn(Page page, String path) {
        page.navigate(path);
        page.getByLabel("User name").fill("admin");
        page.getByLabel("Password").fill("Correct-Horse-9");
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Sign in").setExact(true))
                .click();
    }

    private static Locator rows(Page page, String text) {
        return page.locator(".event").filter(new Locator.FilterOptions().setHasText(text));
    }

    private static Page.GetByRoleOptions named(String part) {
        return new Page.GetByRoleOptions().setName(Pattern.compile(part));
    }

    private static void swaks(int port, String recipient) throws Exception {
        Process process =
                new ProcessBuilder(
                                SWAKS.toString(),
                                "--server",
                                "127.0.0.1:" + port,
                                "--from",
                                "a@sender.example",
                                "--to",
                                recipient)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static int freePort() throws Exception {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}

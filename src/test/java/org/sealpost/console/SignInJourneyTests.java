package org.sealpost.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Authenticator app and passkey, in a real browser with Chromium's virtual authenticator. */
@RunningSealpost
class SignInJourneyTests {

    private static final String NAME = "paula";
    private static final String PASSWORD = "Quiet-Harbour-33";

    private final String address;
    private final int http;
    private final JdbcTemplate jdbc;
    private final PasswordEncoder encoder;

    SignInJourneyTests(
            @Value("${local.server.port}") int http, JdbcTemplate jdbc, PasswordEncoder encoder) {
        this.http = http;
        // Browsers know no passkeys for a bare address.
        this.address = "http://localhost:" + http;
        this.jdbc = jdbc;
        this.encoder = encoder;
    }

    @BeforeEach
    void addPaula() {
        jdbc.update(
                "insert into app_user (username, password_hash, roles, must_change_password,"
                        + " created_at, version) values (?, ?, 'operator', false,"
                        + " current_timestamp, 0)",
                NAME,
                encoder.encode(PASSWORD));
    }

    @AfterEach
    void removePaula() {
        jdbc.update("delete from app_user where username = ?", NAME);
    }

    @Test
    void withACodeAndWithAPasskey() throws Exception {
        try (Browser browser = Browser.open(http)) {
            Page page = browser.page();
            addAuthenticator(page);
            page.navigate(address + "/profile");
            signIn(page);
            assertThat(heading(page, "Profile")).isVisible();

            byte[] key = enrol(browser, page);
            addPasskey(browser, page);
            signOut(page);
            signIn(page);
            assertThat(heading(page, "Second factor")).isVisible();
            browser.photograph("login-code");
            String before = sessionId(page);
            page.getByLabel("Code", new Page.GetByLabelOptions().setExact(true))
                    .fill(code(key, Instant.now().plusSeconds(30)));
            button(page, "Continue").click();
            assertThat(heading(page, "Dashboard")).isVisible();
            assertThat(sessionId(page)).as("session fixation").isNotEqualTo(before);

            signOut(page);
            browser.photograph("login");
            button(page, "Sign in with a passkey").click();
            assertThat(heading(page, "Dashboard")).isVisible();

            signOut(page);
            jdbc.update("update app_user set disabled = true where username = ?", NAME);
            button(page, "Sign in with a passkey").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("The passkey was refused.");
            assertThat(browser.complaints())
                    .allMatch(complaint -> complaint.contains("status of 401"));
        }
    }

    private static void addAuthenticator(Page page) {
        CDPSession devtools = page.context().newCDPSession(page);
        devtools.send("WebAuthn.enable");
        var options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        var add = new JsonObject();
        add.add("options", options);
        devtools.send("WebAuthn.addVirtualAuthenticator", add);
    }

    private static byte[] enrol(Browser browser, Page page) throws Exception {
        link(page, "Set up").click();
        assertThat(page.getByRole(AriaRole.IMG, named("QR code with the key below"))).isVisible();
        byte[] key = key(page.locator(".key").textContent());
        browser.photograph("second-factor");
        page.getByLabel("Code", new Page.GetByLabelOptions().setExact(true))
                .fill(code(key, Instant.now()));
        button(page, "Set up").click();
        assertThat(heading(page, "Your recovery codes")).isVisible();
        assertThat(page.locator(".codes .key")).hasCount(10);
        browser.photograph("recovery-codes");
        link(page, "I have kept them").click();
        assertThat(page.getByText("10 recovery codes left")).isVisible();
        return key;
    }

    private static void addPasskey(Browser browser, Page page) {
        page.getByLabel("Name of the new passkey").fill("Laptop");
        button(page, "Add passkey").click();
        Locator name = page.getByLabel("Name of the passkey Laptop");
        assertThat(name).isVisible();
        name.fill("Work laptop");
        button(page, "Rename Laptop").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("The passkey has its new name.");
        assertThat(page.getByLabel("Name of the passkey Work laptop")).isVisible();
        browser.photograph("profile");
        browser.photographSmall("profile");
    }

    private static void signIn(Page page) {
        page.getByLabel("User name").fill(NAME);
        page.getByLabel("Password").fill(PASSWORD);
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Sign in").setExact(true))
                .click();
    }

    private static void signOut(Page page) {
        page.locator("summary").filter(new Locator.FilterOptions().setHasText(NAME)).click();
        button(page, "Sign out").click();
        assertThat(page.getByText("You are signed out.")).isVisible();
    }

    private static String sessionId(Page page) {
        return page.context().cookies().stream()
                .filter(cookie -> cookie.name.equals("JSESSIONID"))
                .map(cookie -> cookie.value)
                .findFirst()
                .orElseThrow();
    }

    /** Base32, whose letters are digits of a number to the base of 32. */
    private static byte[] key(String typed) {
        var number = BigInteger.ZERO;
        for (char letter : typed.replace(" ", "").toCharArray()) {
            number =
                    number.shiftLeft(5)
                            .or(
                                    BigInteger.valueOf(
                                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter)));
        }
        byte[] signed = number.toByteArray();
        byte[] key = new byte[20];
        byte[] digits = signed.length > 20 ? Arrays.copyOfRange(signed, 1, 21) : signed;
        System.arraycopy(digits, 0, key, 20 - digits.length, digits.length);
        return key;
    }

    private static String code(byte[] key, Instant when) throws Exception {
        var codes = new TimeBasedOneTimePasswordGenerator();
        return codes.generateOneTimePasswordString(
                new SecretKeySpec(key, codes.getAlgorithm()), when, Locale.ROOT);
    }

    private static Locator heading(Page page, String text) {
        return page.getByRole(AriaRole.HEADING, named(text));
    }

    private static Locator link(Page page, String text) {
        return page.getByRole(AriaRole.LINK, named(text));
    }

    private static Locator button(Page page, String text) {
        return page.getByRole(AriaRole.BUTTON, named(text));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }
}

package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.smtp.ListenerSettings;
import org.sealpost.smtp.StoredListeners;
import org.sealpost.testing.RunningSealpost;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

/** A listener changed in the browser. */
@RunningSealpost
class ListenerPagesTests {

    private static final String EDIT = "/listeners/submission/edit";
    private static final String PRINT = "sha256:" + "AB:".repeat(31) + "AB";

    private final Pages administrator;
    private final Pages viewer;
    private final StoredListeners listeners;
    private final JdbcTemplate jdbc;
    private final ListenerSettings before;

    ListenerPagesTests(
            WebApplicationContext application, StoredListeners listeners, JdbcTemplate jdbc) {
        this.viewer = Pages.of(application, "listeners:read");
        this.administrator = viewer.and("listeners:write");
        this.listeners = listeners;
        this.jdbc = jdbc;
        this.before = listeners.get("submission").value();
    }

    @BeforeEach
    @AfterEach
    void restore() {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("t", "", "listeners:write"));
        listeners.update("submission", before, null, null);
        SecurityContextHolder.clearContext();
    }

    @Test
    void whatIsShownCanBeSavedAsItIs() {
        assertThat(administrator.post(EDIT, shown())).hasRedirectedUrl("/listeners/submission");

        assertThat(now()).isEqualTo(before);
    }

    @Test
    void aChangeActsAtOnce() {
        Map<String, String> form = shown();
        form.put("sessionCacheSeconds", "60");
        form.put("groups", "x25519\r\n secp256r1 ");
        form.put("clientCertificate", "ask");
        form.put("maxMessagesPerMinute", "10");

        assertThat(administrator.post(EDIT, form)).hasRedirectedUrl("/listeners/submission");

        assertThat(now().sessionCacheSeconds()).isEqualTo(60);
        assertThat(now().groups()).containsExactly("x25519", "secp256r1");
        assertThat(now().clientCertificate()).isEqualTo("ask");
        assertThat(now().limits().maxMessagesPerMinute()).isEqualTo(10);
        assertThat(administrator.get("/listeners/submission"))
                .bodyText()
                .contains("href=\"" + EDIT);
    }

    @Test
    void whatWeakensNeedsAReasonThatTheAuditKeeps() {
        Map<String, String> form = shown();
        form.put("level", "may");
        form.remove("authRequired");
        form.put("clientCertificateRelay", PRINT + " Partner Ltd until 2099-12-31");

        assertThat(administrator.post(EDIT, form))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "TLS falls from encrypt to may.",
                        "Clients need not sign in any more.",
                        "Another client certificate may relay.",
                        "Nothing is saved yet.");
        assertThat(now()).isEqualTo(before);
        form.put("confirmed", "true");
        assertThat(administrator.post(EDIT, form))
                .hasStatus(422)
                .bodyText()
                .contains("needs a reason");
        form.put("reason", "the partner cannot do better");

        assertThat(administrator.post(EDIT, form)).hasRedirectedUrl("/listeners/submission");

        assertThat(now().level()).isEqualTo("may");
        assertThat(now().authRequired()).isFalse();
        assertThat(now().clientCertificateRelay().getFirst().name()).isEqualTo("Partner Ltd");
        assertThat(administrator.get(EDIT))
                .bodyText()
                .contains(PRINT + " Partner Ltd until 2100-01-01T00:00:00Z");
        assertThat(
                        jdbc.queryForObject(
                                "select after_value from audit_entry where action = 'listener.changed'"
                                        + " order by id desc fetch first 1 rows only",
                                String.class))
                .contains("the partner cannot do better");
    }

    @Test
    void whatCannotBeUsedIsSaidAtItsField() {
        Map<String, String> form = shown();
        form.put("maxRecipients", "many");
        form.put("clientCertificateRelay", PRINT + " x until tomorrow");
        assertThat(administrator.post(EDIT, form))
                .hasStatus(422)
                .bodyText()
                .contains("“many” is not a number.", "“tomorrow” is not a day.");
        form = shown();
        form.put("maxErrors", "0");
        form.put("protocols", "TLSv9");
        assertThat(administrator.post(EDIT, form))
                .hasStatus(422)
                .bodyText()
                .contains("href=\"#maxErrors\"", "href=\"#protocols\"", "value=\"TLSv9\"");
        assertThat(now()).isEqualTo(before);
    }

    @Test
    void whoWasSlowerIsTold() {
        Map<String, String> form = shown();
        Map<String, String> faster = shown();
        faster.put("logLevel", "2");
        assertThat(administrator.post(EDIT, faster)).hasStatus(302);

        assertThat(administrator.post(EDIT, form))
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else was faster");
    }

    @Test
    void onlyWhoMayWriteGetsTheForm() {
        assertThat(viewer.get(EDIT)).hasStatus(403);
        assertThat(viewer.post(EDIT, shown())).hasStatus(403);
        assertThat(viewer.get("/listeners/submission")).bodyText().doesNotContain(EDIT);
        assertThat(administrator.get("/listeners/other/edit")).hasStatus(404);
    }

    private ListenerSettings now() {
        return listeners.get("submission").value();
    }

    /** The form with what stands in it. */
    private Map<String, String> shown() {
        String page = body(administrator.get(EDIT));
        var fields = new HashMap<String, String>();
        each(page, "<input type=\"hidden\" name=\"(version)\" value=\"(\\d+)\"", fields);
        each(page, "<input class=\"form-control\"[^>]* name=\"(\\w+)\" value=\"([^\"]*)\"", fields);
        each(
                page,
                "<input class=\"form-check-input\"[^>]* name=\"(\\w+)\" value=\"(true)\" checked",
                fields);
        each(page, "(?s)<textarea[^>]* name=\"(\\w+)\"[^>]*>(.*?)</textarea>", fields);
        each(
                page,
                "(?s)<select[^>]* name=\"(\\w+)\"[^>]*>(?:(?!</select>).)*<option value=\"(\\w+)\" selected",
                fields);
        fields.replaceAll((name, value) -> value.replace("&gt;", ">"));
        return fields;
    }

    private static void each(String page, String pattern, Map<String, String> fields) {
        Matcher matcher = Pattern.compile(pattern).matcher(page);
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2));
        }
    }

    private static String body(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }
}

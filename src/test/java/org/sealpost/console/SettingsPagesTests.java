package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.settings.AlertSettings;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.RetentionSettings;
import org.sealpost.settings.Settings;
import org.sealpost.settings.SettingsSection;
import org.sealpost.testing.RunningSealpost;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

/** The sections of the settings as forms. */
@RunningSealpost
class SettingsPagesTests {

    private final Settings settings;
    private final JdbcTemplate jdbc;
    private final Pages administrator;
    private final Pages viewer;
    private final Map<SettingsSection<?>, Runnable> restore = new HashMap<>();

    SettingsPagesTests(WebApplicationContext application, Settings settings, JdbcTemplate jdbc) {
        this.settings = settings;
        this.jdbc = jdbc;
        this.administrator = Pages.of(application, "settings:write");
        this.viewer = Pages.of(application);
    }

    @BeforeEach
    void remember() {
        SectionForm.ALL.forEach(form -> remember(form.section()));
    }

    private <T> void remember(SettingsSection<T> section) {
        T before = settings.get(section);
        restore.put(section, () -> settings.update(section, before, null));
    }

    @AfterEach
    void restore() {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("test", null, "settings:write"));
        restore.values().forEach(Runnable::run);
        SecurityContextHolder.clearContext();
    }

    @ParameterizedTest
    @ValueSource(strings = {"general", "relay", "retry", "delivery", "dns", "retention", "alerts"})
    void whatIsShownCanBeSavedAsItIs(String section) {
        SectionForm form =
                SectionForm.ALL.stream()
                        .filter(one -> one.name().equals(section))
                        .findFirst()
                        .orElseThrow();
        Object before = settings.get(form.section());

        assertThat(viewer.get("/settings/" + section))
                .hasStatusOk()
                .bodyText()
                .contains("aria-current=\"page\">" + form.title(), form.about())
                .doesNotContain(">Save<");
        assertThat(administrator.postAll("/settings/" + section, shown(form)))
                .hasRedirectedUrl("/settings/" + section);
        assertThat(settings.get(form.section())).isEqualTo(before);
    }

    /** The fields of a form with what stands in them. */
    private Map<String, List<String>> shown(SectionForm form) {
        String page = body(administrator.get("/settings/" + form.name()));
        var fields = new HashMap<String, List<String>>();
        fields.put("version", List.of(between(page, "name=\"version\" value=\"", "\"")));
        for (SectionField field : form.fields()) {
            fields.put(
                    field.name(),
                    switch (field.kind()) {
                        case CHOICES ->
                                field.choices().keySet().stream()
                                        .filter(one ->
                                                page.matches(
                                                        "(?s).*value=\"" + one + "\" checked.*"))
                                        .toList();
                        case LINES ->
                                List.of(
                                        between(
                                                page.substring(
                                                        page.indexOf(
                                                                "id=\"" + field.name() + "\"")),
                                                ">",
                                                "</textarea>"));
                        case TEXT, OPTIONAL, DURATION, NUMBER -> {
                            int value = page.indexOf("name=\"" + field.name() + "\" value=\"");
                            yield List.of(
                                    value < 0
                                            ? ""
                                            : between(page.substring(value), "value=\"", "\""));
                        }
                    });
        }
        return fields;
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String body(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void aChangeActsAtOnceAndIsAuditedWithItsReason() {
        assertThat(
                        administrator.post(
                                "/settings/relay",
                                Map.of(
                                        "version", version(RelaySettings.SECTION),
                                        "networks", "127.0.0.0/8\r\n\r\n 192.0.2.0/24 ",
                                        "domains", "",
                                        "reason", "the new office")))
                .hasRedirectedUrl("/settings/relay");
        assertThat(settings.get(RelaySettings.SECTION))
                .isEqualTo(new RelaySettings(List.of("127.0.0.0/8", "192.0.2.0/24"), List.of()));
        assertThat(
                        jdbc.queryForObject(
                                "select after_value from audit_entry where object = 'settings"
                                        + " relay' order by id desc limit 1",
                                String.class))
                .contains("192.0.2.0/24", "\"reason\":\"the new office\"");

        assertThat(
                        administrator.postAll(
                                "/settings/alerts",
                                Map.of(
                                        "version", List.of(version(AlertSettings.SECTION)),
                                        "to", List.of("ops@example.com"),
                                        "events", List.of("disk-low", "listener-down"))))
                .hasRedirectedUrl("/settings/alerts");
        assertThat(settings.get(AlertSettings.SECTION))
                .isEqualTo(
                        new AlertSettings("ops@example.com", List.of("disk-low", "listener-down")));
        assertThat(
                        administrator.post(
                                "/settings/alerts",
                                Map.of("version", version(AlertSettings.SECTION), "to", "")))
                .hasRedirectedUrl("/settings/alerts");
        assertThat(settings.get(AlertSettings.SECTION))
                .isEqualTo(new AlertSettings(null, List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "general   | hostname   | not a name     | is not a host name.",
                "general   | postmaster | ''             | is not a mail address.",
                "relay     | networks   | 192.0.2.1/24   | is not a network.",
                "retry     | firstRetry | soon           | “soon” is not a duration.",
                "retry     | lifetime   | ''             | A duration is missing.",
                "retry     | maxRetry   | 0s             | is not longer than zero.",
                "dns       | servers    | dns.example    | is not the address of a name server.",
                "retention | events     | 1s             | not between one minute and a hundred years.",
                "alerts    | to         | nobody         | is not a mail address.",
                "alerts    | events     | full-moon      | There is no alert"
            })
    void whatCannotBeUsedIsToldAtItsField(
            String section, String field, String written, String message) {
        SectionForm form =
                SectionForm.ALL.stream()
                        .filter(one -> one.name().equals(section))
                        .findFirst()
                        .orElseThrow();
        Object before = settings.get(form.section());
        Map<String, List<String>> sent = shown(form);
        sent.put(field, List.of(written));

        assertThat(administrator.postAll("/settings/" + section, sent))
                .hasStatus(422)
                .bodyText()
                .contains("href=\"#" + field + "\"", "id=\"" + field + "\"", message);
        assertThat(settings.get(form.section())).isEqualTo(before);
    }

    @Test
    void whoWasSlowerIsToldAndKeepsWhatHeTyped() {
        String version = version(RetentionSettings.SECTION);
        Map<String, String> form =
                Map.of(
                        "version", version,
                        "events", "31d",
                        "eventsMegabytes", "2048",
                        "audit", "400d",
                        "selfTests", "90d");
        assertThat(administrator.post("/settings/retention", form))
                .hasRedirectedUrl("/settings/retention");

        assertThat(administrator.post("/settings/retention", form))
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else was faster", "value=\"31d\"", "Load what is stored now");
        assertThat(administrator.get("/settings/nonsense")).hasStatus(404);
        assertThat(viewer.post("/settings/retention", form)).hasStatus(403);
    }

    private String version(SettingsSection<?> section) {
        return Long.toString(settings.getVersioned(section).version());
    }
}

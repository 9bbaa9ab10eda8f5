package org.sealpost.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sealpost.delivery.events.DeliveryAttempted;
import org.sealpost.queue.events.MessageQueued;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.VerdictDocument;
import org.sealpost.tls.VerdictDocument.CheckDocument;
import org.springframework.beans.factory.annotation.Value;

/** What the mail path publishes is counted, under names that dashboards are written against. */
@RunningSealpost
class MailMetersTests {

    private static final Instant AT = Instant.parse("2026-05-01T10:00:00Z");

    private static final String PARTS = "_(sum|bucket)$";

    private final HttpCaller admin;
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MailMeters meters = new MailMeters(registry);

    MailMetersTests(@Value("${local.server.port}") int http) {
        this.admin = HttpCaller.administrator(http);
    }

    @Test
    void sessionsAreCountedByTheTlsTheyHad() {
        meters.on(session("TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"));
        meters.on(session(null));

        assertThat(lines("sealpost_smtp_sessions_seconds_count"))
                .contains(
                        "{cipher=\"TLS_AES_256_GCM_SHA384\",listener=\"smtp\",protocol=\"TLSv1.3\"} 1",
                        "{cipher=\"none\",listener=\"smtp\",protocol=\"none\"} 1");
    }

    @Test
    void messagesAreCountedWithTheirOctets() {
        meters.on(
                new MessageQueued(
                        AT, "01K", "a@b.example", List.of("c@d.example"), 700, null, null));

        assertThat(lines("sealpost_messages_accepted_bytes_sum")).containsExactly(" 700.0");
    }

    @Test
    void attemptsAreCountedAndWhatTlsKeptBackByItsCheck() {
        meters.on(attempt("deferred", "4.7.5", "pass", "fail"));
        meters.on(attempt("delivered", null, "pass", "warn"));

        assertThat(lines("sealpost_deliveries_seconds_count"))
                .contains(
                        "{cipher=\"C\",group=\"x25519\",level=\"secure\",protocol=\"TLSv1.3\","
                                + "result=\"deferred\",status=\"Untrusted\"} 1",
                        "{cipher=\"C\",group=\"x25519\",level=\"secure\",protocol=\"TLSv1.3\","
                                + "result=\"delivered\",status=\"Untrusted\"} 1");
        assertThat(lines("sealpost_deliveries_seconds_sum"))
                .allMatch(line -> line.endsWith(" 0.25"));
        assertThat(lines("sealpost_tls_refusals_total"))
                .containsExactly("{check=\"name\",level=\"secure\"} 1.0");
    }

    @Test
    void theServerGivesThemToAnAdministrator() throws Exception {
        String page = admin.get("/actuator/prometheus").body();

        assertThat(page)
                .contains(
                        "sealpost_messages_accepted_bytes_count",
                        "sealpost_queue_messages{state=\"deferred\"}",
                        "sealpost_queue_oldest_seconds",
                        "sealpost_events_dropped_total");
    }

    @Test
    void theDashboardAsksForWhatIsDocumentedAndGiven() throws Exception {
        Set<String> asked = names(Files.readString(Path.of("docker/grafana-dashboard.json")));
        Set<String> documented = names(Files.readString(Path.of("src/docs/operations.md")));
        meters.on(session(null));
        meters.on(attempt("deferred", "4.7.5", "fail", "fail"));
        String given = registry.scrape() + admin.get("/actuator/prometheus").body();

        assertThat(asked).isNotEmpty();
        assertThat(documented)
                .containsAll(asked.stream().map(name -> name.replaceAll(PARTS, "_count")).toList());
        assertThat(names(given)).containsAll(asked).containsAll(documented);
    }

    private static Set<String> names(String text) {
        return Pattern.compile("sealpost_[a-z_]*[a-z]")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    /** The samples of a name, without it. */
    private List<String> lines(String name) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .map(line -> line.substring(name.length()))
                .toList();
    }

    private static InboundSession session(@Nullable String tls) {
        return new InboundSession(
                AT,
                "s",
                "smtp",
                "192.0.2.1:4000",
                "client",
                tls,
                null,
                List.of(),
                "quit",
                1,
                1,
                20,
                List.of(),
                false);
    }

    private static DeliveryAttempted attempt(
            String result, @Nullable String code, String chain, String name) {
        var verdict =
                new VerdictDocument(
                        code == null ? "deliver-encrypted" : "defer",
                        code,
                        TlsLevel.SECURE,
                        null,
                        "Untrusted",
                        "TLSv1.3",
                        "C",
                        "x25519",
                        List.of(
                                new CheckDocument("chain", chain, "", ""),
                                new CheckDocument("name", name, "", "")),
                        List.of(),
                        "",
                        "");
        return new DeliveryAttempted(
                AT,
                "s",
                "01K",
                "d.example",
                "mx[192.0.2.2]:25",
                "secure",
                result,
                "text",
                null,
                verdict,
                List.of("c@d.example"),
                List.of("text"),
                List.of(new DeliveryAttempted.Step(250, "S: 250 ok")));
    }
}

package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.certificate.events.CertificateExpiring;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.Pem;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.transaction.support.TransactionTemplate;

/** Each threshold is told once, whatever the clock says, and health stays up. */
@RunningSealpost
class ExpiryWatchTests {

    private static final Duration DAY = Duration.ofDays(1);

    private final CertificatesClient sealpost;
    private final HttpCaller admin;
    private final HttpCaller anonymous;
    private final CertificateRows rows;
    private final Usage usage;
    private final ExpiryWatch running;
    private final TransactionTemplate transaction;
    private final List<CertificateExpiring> told = new ArrayList<>();

    ExpiryWatchTests(
            @Value("${local.server.port}") int http,
            CertificateRows rows,
            Usage usage,
            ExpiryWatch running,
            TransactionTemplate transaction) {
        this.sealpost = new CertificatesClient(http);
        this.admin = HttpCaller.administrator(http);
        this.anonymous = HttpCaller.anonymous(http);
        this.rows = rows;
        this.usage = usage;
        this.running = running;
        this.transaction = transaction;
    }

    @AfterEach
    void close() {
        sealpost.close();
    }

    @Test
    void eachThresholdIsToldOnce() {
        var made =
                sealpost.post(
                        "/certificates/self-signed", "{\"names\":[\"ends.example\"],\"days\":90}");
        Instant end = Instant.parse(made.body().at("/notAfter").asString());

        assertThat(toldAt(made.id(), end.minus(DAY.multipliedBy(31)))).isEmpty();
        assertThat(toldAt(made.id(), end.minus(DAY.multipliedBy(30)))).containsExactly(30);
        assertThat(toldAt(made.id(), end.minus(DAY.multipliedBy(15)))).containsExactly(30);
        assertThat(toldAt(made.id(), end.minus(DAY.multipliedBy(6)))).containsExactly(30, 7);
        assertThat(toldAt(made.id(), end.minus(DAY))).containsExactly(30, 7, 1);
        assertThat(toldAt(made.id(), end.plusSeconds(1))).containsExactly(30, 7, 1, 0);
        assertThat(toldAt(made.id(), end.plus(DAY))).containsExactly(30, 7, 1, 0);
        assertThat(told.getLast().text())
                .isEqualTo(
                        "certificate %d (CN=ends.example, server) expired on %s; nothing uses it"
                                .formatted(made.id(), end));
    }

    @Test
    void aCertificateWithASuccessorInForceIsNoLongerWatched() {
        var old =
                sealpost.post(
                        "/certificates/self-signed", "{\"names\":[\"was.example\"],\"days\":20}");
        long next =
                sealpost.post(
                                "/certificates/self-signed",
                                "{\"names\":[\"is.example\"],\"days\":90}")
                        .id();
        sealpost.put(
                "/certificates/" + old.id() + "/successor",
                "{\"certificateId\":%d,\"switchAt\":\"2020-01-01T00:00:00Z\"}".formatted(next));

        assertThat(toldAt(old.id(), Instant.now().plus(DAY))).isEmpty();
    }

    @Test
    void healthMetricAndEventTellOfAPartnersCertificateThatExpired() throws Exception {
        String pem = Pem.of(TestCa.create().leaf("ended.example").expired().issue().leaf());
        long id = sealpost.upload("peer", pem).id();

        String health = admin.get("/actuator/health").body();
        String metrics = admin.get("/actuator/prometheus").body();

        assertThat(anonymous.get("/actuator/health").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(health).startsWith("{").contains("\"status\":\"UP\"", "CN=ended.example");
        assertThat(metrics)
                .containsPattern(
                        "sealpost_certificate_not_after_seconds\\{id=\"%d\",purpose=\"peer\",subject=\"CN=ended.example\"\\} \\d"
                                .formatted(id));
        sealpost.delete("/certificates/" + id);
        assertThat(admin.get("/actuator/prometheus").body()).doesNotContain("id=\"" + id + "\"");
    }

    @Test
    void theLogTellsOfIt() {
        sealpost.upload(
                "peer", Pem.of(TestCa.create().leaf("noted.example").expired().issue().leaf()));

        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> {
                            running.check();
                            return sealpost.get("/events?q=noted.example").body().toString();
                        },
                        events -> events.contains("expired on"));
    }

    /** The thresholds that were told of one certificate so far. */
    private List<Integer> toldAt(long id, Instant now) {
        var watch =
                new ExpiryWatch(
                        rows,
                        usage,
                        event -> {
                            if (event instanceof CertificateExpiring expiring) {
                                told.add(expiring);
                            }
                        },
                        Clock.fixed(now, ZoneOffset.UTC));
        transaction.executeWithoutResult(status -> watch.check());
        return told.stream()
                .filter(event -> event.certificateId() == id)
                .map(CertificateExpiring::threshold)
                .toList();
    }
}

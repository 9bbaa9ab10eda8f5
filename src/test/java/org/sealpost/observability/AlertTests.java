package org.sealpost.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.AlertSettings;
import org.sealpost.smtp.Listeners;
import org.sealpost.smtp.Listeners.ListenerState;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** A person is told by mail, once a day, and never by a mail about such a mail. */
@RunningSealpost
class AlertTests {

    private static final Duration DAY = Duration.ofDays(1);
    private static final String SETTINGS = "/api/v1/settings/alerts";

    private final HttpCaller admin;
    private final AlertMail mail;
    private final AlertSource heldByTls;
    private final AlertSource expiring;
    private final Listeners listeners;
    private final MailQueue queue;
    private final JdbcTemplate jdbc;
    private final JsonMapper json = JsonMapper.builder().build();
    private final SmtpPeer boss = new SmtpPeer();
    private final SmtpPeer partner = new SmtpPeer();
    private final List<String> made = new ArrayList<>();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    AlertTests(
            @Value("${local.server.port}") int http,
            AlertMail mail,
            @Qualifier("mailHeldByTls") AlertSource heldByTls,
            @Qualifier("expiringCertificates") AlertSource expiring,
            Listeners listeners,
            MailQueue queue,
            JdbcTemplate jdbc)
            throws IOException {
        this.admin = HttpCaller.administrator(http);
        this.mail = mail;
        this.heldByTls = heldByTls;
        this.expiring = expiring;
        this.listeners = listeners;
        this.queue = queue;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void routeToTheBoss() throws Exception {
        make("/api/v1/routes", route("boss.alert.example", boss));
        make("/api/v1/routes", route("partner.alert.example", partner));
        make(
                "/api/v1/policies",
                "{\"nextHop\":\"%s\",\"level\":\"encrypt\"}".formatted(partner.nextHop()));
        put("{\"to\":\"boss@boss.alert.example\",\"events\":[\"disk-low\",\"tls-deferred\"]}");
    }

    @AfterEach
    void clear() throws Exception {
        for (String path : made) {
            admin.json("DELETE", path, null);
        }
        put(
                "{\"to\":null,\"events\":[\"certificate-expiring\",\"listener-down\",\"disk-low\",\"tls-deferred\"]}");
        jdbc.update("delete from alert");
        boss.close();
        partner.close();
    }

    @Test
    void aSubjectIsToldOnceADayByAMailThatCannotBounce() {
        List<Alert> alerts = AlertSources.disk(5_000_000, 1_000_000_000);

        mail.tell(alerts, now);
        mail.tell(alerts, now.plus(DAY).minusSeconds(1));
        mail.tell(alerts, now.plus(DAY));

        await().until(() -> boss.taken().size() == 2);
        SmtpPeer.Taken told = boss.taken().getFirst();
        assertThat(told.commands())
                .anyMatch(command -> command.startsWith("MAIL FROM:<>"))
                .anyMatch(command ->
                        command.startsWith("RCPT TO:<boss@boss.alert.example> NOTIFY=NEVER"));
        assertThat(told.text())
                .contains(
                        "Subject: Sealpost relay.example.test: little disk space is left\r\n",
                        "Auto-Submitted: auto-generated\r\n",
                        "Only 5 MB are left");
    }

    @Test
    void theDiskIsLowInTimeOnSmallAndLargeOnes() {
        assertThat(AlertSources.disk(101, 1_000)).isEmpty();
        assertThat(AlertSources.disk(99, 1_000)).hasSize(1);
        assertThat(AlertSources.disk(3L << 30, 1L << 40)).isEmpty();
        assertThat(AlertSources.disk(1L << 30, 1L << 40)).hasSize(1);
    }

    @Test
    void whatIsNotAskedForIsNotTold() {
        mail.tell(
                List.of(
                        new Alert(AlertSettings.LISTENER_DOWN, "listener x", "x", false),
                        new Alert(AlertSettings.DISK_LOW, "disk", "told", false)),
                now);

        await().until(() -> !boss.taken().isEmpty());
        assertThat(boss.taken()).hasSize(1);
        assertThat(boss.taken().getFirst().text()).contains("told");
    }

    @Test
    void mailThatATlsRuleHoldsIsToldAfterFourHoursButNoMailWithoutASender() throws Exception {
        QueueId letter = accept("a@sender.alert.example");
        QueueId bounce = accept(null);
        await().until(() -> isHeldByTls(letter) && isHeldByTls(bounce));

        assertThat(ours(heldByTls.at(now.plus(Duration.ofHours(3))))).isEmpty();
        List<Alert> alerts = ours(heldByTls.at(now.plus(Duration.ofHours(5))));

        assertThat(alerts).hasSize(1);
        assertThat(alerts.getFirst().text())
                .startsWith("1 message for " + partner.nextHop() + " waits")
                .contains("TLS");
    }

    @Test
    void aCertificateIsToldOnceForEachThreshold() throws Exception {
        HttpResponse<String> stored =
                admin.json(
                        "POST",
                        "/api/v1/certificates/self-signed",
                        "{\"names\":[\"ends.alert.example\"],\"days\":90}");
        made.add("/api/v1/certificates/" + json.readTree(stored.body()).at("/id").asLong());
        Instant end = Instant.parse(json.readTree(stored.body()).at("/notAfter").asString());

        assertThat(subjects(end.minus(DAY.multipliedBy(31)))).isEmpty();
        assertThat(subjects(end.minus(DAY.multipliedBy(29)))).containsExactly("within 30");
        assertThat(subjects(end.minus(DAY.multipliedBy(6)))).containsExactly("within 7");
        assertThat(subjects(end.plusSeconds(1))).containsExactly("within 0");
        put("{\"to\":\"boss@boss.alert.example\",\"events\":[\"certificate-expiring\"]}");
        List<Alert> one =
                expiring.at(end).stream()
                        .filter(alert -> alert.text().contains("ends.alert.example"))
                        .toList();
        mail.tell(one, now);
        mail.tell(one, now.plus(DAY.multipliedBy(5)));

        await().until(() -> !boss.taken().isEmpty());
        assertThat(boss.taken()).hasSize(1);
        assertThat(boss.taken().getFirst().text()).contains("CN=ends.alert.example");
    }

    @Test
    void aListenerThatIsDownIsTold() {
        ListenerState up = listeners.list().getFirst();
        var down = new ListenerState(up.settings(), 0, "port 25: Address already in use");

        assertThat(AlertSources.down(List.of(up))).isEmpty();
        assertThat(AlertSources.down(List.of(up, down)))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.event()).isEqualTo(AlertSettings.LISTENER_DOWN);
                    assertThat(alert.text()).contains("port 25: Address already in use");
                });
    }

    @Test
    void settingsThatCannotWorkAreRefused() throws Exception {
        HttpResponse<String> address = send("{\"to\":\"nobody\",\"events\":[]}");
        HttpResponse<String> event = send("{\"to\":null,\"events\":[\"full-moon\"]}");

        assertThat(address.statusCode()).isEqualTo(422);
        assertThat(address.body()).contains("\"field\":\"to\"");
        assertThat(event.statusCode()).isEqualTo(422);
        assertThat(event.body()).contains("certificate-expiring, listener-down, disk-low");
    }

    private List<String> subjects(Instant at) {
        return expiring.at(at).stream()
                .filter(alert -> alert.text().contains("ends.alert.example"))
                .map(alert -> alert.subject().replaceFirst("^certificate \\d+ ", ""))
                .toList();
    }

    private List<Alert> ours(List<Alert> alerts) {
        return alerts.stream()
                .filter(alert -> alert.subject().equals("tls " + partner.nextHop()))
                .toList();
    }

    private boolean isHeldByTls(QueueId id) throws Exception {
        return admin.get("/api/v1/queue/" + id).body().contains("\"outcome\":\"defer\"");
    }

    private QueueId accept(@Nullable String sender) throws Exception {
        QueueId id = queue.newId();
        queue.accept(
                id,
                new Envelope(
                        sender == null ? null : MailAddress.parse(sender).orElseThrow(),
                        List.of(
                                new Envelope.Recipient(
                                        MailAddress.parse("b@partner.alert.example").orElseThrow(),
                                        null,
                                        null)),
                        false,
                        false,
                        null,
                        null,
                        null),
                new ByteArrayInputStream(
                        "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII)));
        return id;
    }

    private void make(String path, String body) throws Exception {
        HttpResponse<String> response = admin.json("POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        made.add(path + "/" + json.readTree(response.body()).at("/id").asLong());
    }

    private static String route(String domain, SmtpPeer peer) {
        return "{\"pattern\":\"%s\",\"nextHop\":\"%s\"}".formatted(domain, peer.nextHop());
    }

    private void put(String settings) throws Exception {
        assertThat(send(settings).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> send(String settings) throws Exception {
        return admin.json("PUT", SETTINGS, settings);
    }
}

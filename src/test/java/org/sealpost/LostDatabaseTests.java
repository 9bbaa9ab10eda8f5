package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sealpost.testing.Configurer;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.SmtpClient;
import org.sealpost.testing.SmtpPeer;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The database file is lost. With the snapshot everything is back, without it nothing is delivered:
 * the partner's rule must hold either way.
 */
class LostDatabaseTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Path home;
    private final int smtp;

    LostDatabaseTests(@TempDir Path folder) throws IOException {
        home = folder.resolve("home");
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            smtp = free.getLocalPort();
        }
    }

    @Test
    void allIsBackFromTheSnapshotAndNothingIsDeliveredWithoutIt() throws Exception {
        try (var sink = new SmtpPeer()) {
            long rule;
            try (ConfigurableApplicationContext sealpost = start(sink)) {
                rule = configure(sealpost, sink);
                pausesWhileAChangeIsNotSaved(sealpost, sink);
                send("waits@bank.example");
            }
            damageDatabase();
            try (ConfigurableApplicationContext sealpost = start(sink)) {
                isAllBack(sealpost, sink, rule);
            }
            damageDatabase();
            Path log = newest(".changes");
            Files.write(log, new byte[] {'X'});
            Files.delete(newest(".base"));
            Files.write(home.resolve("config/000099.base"), new byte[] {'X'});
            int taken = sink.taken().size();
            try (ConfigurableApplicationContext standby = start(sink)) {
                refusesEverything(standby);
            }
            assertThat(sink.taken()).hasSize(taken);
            assertThat(spooled()).isEqualTo(1);
        }
    }

    private ConfigurableApplicationContext start(SmtpPeer sink) {
        return SealpostApplication.start(
                "--sealpost.home=" + home,
                "--server.port=0",
                "--sealpost.bootstrap.admin-password=Correct-Horse-9",
                "--sealpost.bootstrap.hostname=relay.example.test",
                "--sealpost.bootstrap.bind-address=127.0.0.1",
                "--sealpost.bootstrap.smtp-port=" + smtp,
                "--sealpost.bootstrap.smtps-port=0",
                "--sealpost.bootstrap.submission-port=0",
                "--sealpost.bootstrap.first-retry=1s",
                "--sealpost.bootstrap.relayhost=" + sink.nextHop());
    }

    private static int http(ConfigurableApplicationContext sealpost) {
        return Integer.parseInt(sealpost.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** The sink offers no TLS, so what the rule covers can only leave if the rule is lost. */
    private long configure(ConfigurableApplicationContext sealpost, SmtpPeer sink)
            throws Exception {
        var admin = new Configurer(http(sealpost));
        String other = "[127.0.0.1]:" + sink.port();
        admin.route("bank.example", other);
        long gone = admin.policy("gone.example", "encrypt", "{}");
        HttpCaller.administrator(http(sealpost)).json("DELETE", "/api/v1/policies/" + gone, null);
        long rule = admin.policy(other, "secure", "{}");
        assertThat(rule).isEqualTo(gone + 1);
        return rule;
    }

    private void pausesWhileAChangeIsNotSaved(
            ConfigurableApplicationContext sealpost, SmtpPeer sink) throws Exception {
        HttpCaller admin = HttpCaller.administrator(http(sealpost));
        Path config = home.resolve("config");
        Path elsewhere = home.resolve("elsewhere");
        Files.move(config, elsewhere);
        Files.writeString(config, "in the way");

        HttpResponse<String> answer =
                admin.json(
                        "POST",
                        "/api/v1/policies",
                        "{\"nextHop\":\"unsaved.example\",\"level\":\"encrypt\"}");
        send("paused@free.example");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
        assertThat(answer.body()).contains("configuration-not-saved").contains("folder config");
        assertThat(HttpCaller.anonymous(http(sealpost)).get("/actuator/health").body())
                .contains("DOWN");
        await().during(Duration.ofMillis(1_200)).until(() -> sink.taken().isEmpty());

        Files.delete(config);
        await().atMost(SOON).until(() -> sink.taken().size() == 1);
        assertThat(newest(".base")).exists();
    }

    private void isAllBack(ConfigurableApplicationContext sealpost, SmtpPeer sink, long rule)
            throws Exception {
        HttpCaller admin = HttpCaller.administrator(http(sealpost));
        assertThat(JSON.readTree(admin.get("/api/v1/policies/" + rule).body()).get("level"))
                .hasToString("\"secure\"");
        assertThat(admin.get("/api/v1/policies?q=unsaved").body()).contains("unsaved.example");
        assertThat(admin.get("/api/v1/audit?q=configuration.restored").body())
                .contains("is damaged")
                .contains("TLS_POLICY 2");
        assertThat(admin.get("/api/v1/audit?q=policy.created").body()).contains("gone.example");
        try (Stream<Path> files = Files.list(home.resolve("db"))) {
            assertThat(files.map(file -> file.getFileName().toString()).toList())
                    .anyMatch(name -> name.startsWith("sealpost.mv.db.damaged-"));
        }
        await().atMost(SOON)
                .untilAsserted(() -> {
                    JsonNode waiting = JSON.readTree(admin.get("/api/v1/queue").body());
                    assertThat(waiting.at("/items/0/lastVerdict/code").asString())
                            .isEqualTo("4.7.4");
                });
        send("free@free.example");
        await().atMost(SOON).until(() -> sink.taken().size() == 2);
        assertThat(new Configurer(http(sealpost)).policy("next.example", "encrypt", "{}"))
                .as("an id is not given again")
                .isGreaterThan(rule + 1);
    }

    private void refusesEverything(ConfigurableApplicationContext standby) throws Exception {
        HttpCaller anybody = HttpCaller.anonymous(http(standby));
        assertThat(anybody.get("/actuator/health").statusCode()).isEqualTo(503);
        assertThat(anybody.get("/actuator/health").body()).isEqualTo("{\"status\":\"DOWN\"}");
        assertThat(anybody.get("/").body())
                .contains("The configuration is lost")
                .contains(home.resolve("config").toString())
                .contains("000099.base")
                .doesNotContain("Correct-Horse-9");
        assertThat(anybody.get("/api/v1/queue").body()).contains("/problems/configuration-lost");
        List<String> replies =
                SmtpPeer.talk(smtp, "EHLO client.example", "MAIL FROM:<a@free.example>", "QUIT");
        assertThat(replies).anyMatch(reply -> reply.startsWith("451 4.3.0 "));
    }

    private void send(String recipient) throws IOException {
        try (var client = new SmtpClient(smtp)) {
            assertThat(client.send("a@sender.example", recipient, "Subject: x\r\n\r\nx\r\n"))
                    .isTrue();
        }
    }

    private void damageDatabase() throws IOException {
        Path file = home.resolve("db").resolve("sealpost.mv.db");
        Files.write(file, new byte[10_000]);
    }

    private Path newest(String ending) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("config"))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private long spooled() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("spool"))) {
            return files.filter(file -> file.toString().endsWith(".msg")).count();
        }
    }
}

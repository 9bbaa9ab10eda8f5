package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.sealpost.delivery.Routes;
import org.sealpost.delivery.Routes.RouteDraft;
import org.sealpost.settings.SealpostHome;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.Database;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpClient;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The database of several nodes; a Sealpost of its own that nobody else needs afterwards. */
@RunningSealpost
@DirtiesContext
class StorageOnPostgresTests extends StorageContract {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final BeanFactory sealpost;

    StorageOnPostgresTests(BeanFactory sealpost) {
        super(sealpost);
        this.sealpost = sealpost;
    }

    /** Longer than one row, and than what is held in memory before the transaction. */
    @Test
    void mailIsNowhereButInTheDatabaseUntilItIsDelivered() throws Exception {
        var jdbc = sealpost.getBean(JdbcTemplate.class);
        String body = "Subject: rows\r\n\r\n" + "0123456789abcdef\r\n".repeat(40_000);
        try (var peer = new SmtpPeer().answersRcptOf("rows.example", "451 4.2.1 come again")) {
            long route =
                    sealpost.getBean(Routes.class)
                            .create(new RouteDraft("rows.example", peer.nextHop(), null, null))
                            .id();
            int port = sealpost.getBean(Listeners.class).list().getFirst().boundPort();
            try (var client = new SmtpClient(port)) {
                assertThat(client.send("a@rows.example", "b@rows.example", body)).isTrue();
            }
            await().atMost(SOON)
                    .until(() -> count(jdbc, "queue_message where state = 'deferred'") == 1);
            assertThat(count(jdbc, "queue_body")).isEqualTo(3);
            assertThat(count(jdbc, "queue_envelope")).isEqualTo(1);
            assertThat(sealpost.getBean(SealpostHome.class).resolve("spool")).doesNotExist();
            assertThat(sealpost.getBean(SealpostHome.class).resolve("incoming")).isEmptyDirectory();

            peer.answersRcptOf("rows.example", null);

            await().atMost(SOON).until(() -> peer.taken().size() == 1);
            assertThat(peer.taken().getFirst().text()).startsWith("Received: ").endsWith(body);
            await().atMost(SOON).until(() -> count(jdbc, "queue_message") == 0);
            assertThat(count(jdbc, "queue_body") + count(jdbc, "queue_envelope")).isZero();
            sealpost.getBean(Routes.class).delete(route, null);
        }
    }

    private static long count(JdbcTemplate jdbc, String what) {
        return Objects.requireNonNull(
                jdbc.queryForObject("select count(*) from " + what, Long.class));
    }

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        String url = Database.POSTGRESQL.create();
        registry.add("spring.datasource.url", () -> url);
        registry.add("spring.datasource.username", () -> "postgres");
        registry.add("spring.datasource.password", () -> "");
    }
}

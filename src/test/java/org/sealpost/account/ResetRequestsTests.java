package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.settings.SealpostHome;
import org.sealpost.testing.RunningSealpost;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.crypto.password.PasswordEncoder;

/** The command by which a locked-out administrator gets in again. */
@RunningSealpost
class ResetRequestsTests {

    private static final String NAME = "lost";

    private final UserRows users;
    private final PasswordEncoder encoder;
    private final JdbcTemplate jdbc;
    private final Path request;
    private final Path answer;

    ResetRequestsTests(
            UserRows users, PasswordEncoder encoder, JdbcTemplate jdbc, SealpostHome home) {
        this.users = users;
        this.encoder = encoder;
        this.jdbc = jdbc;
        this.request = home.resolve("reset-password");
        this.answer = home.resolve("reset-password.answer");
    }

    @AfterEach
    void cleanUp() throws Exception {
        Files.deleteIfExists(request);
        Files.deleteIfExists(answer);
        jdbc.update("delete from app_user where username = ?", NAME);
    }

    @Test
    void aFileInTheHomeGivesAOneTimePassword() throws Exception {
        UserEntity lost =
                new UserEntity(NAME, "{nobody}", Set.of(Role.ADMINISTRATOR), false, Instant.EPOCH);
        lost.disable(true);
        long id = users.saveAndFlush(lost).toUser().id();
        jdbc.update(
                "insert into second_factor (user_id, sealed_secret, since, last_step)"
                        + " values (?, 'x', current_timestamp, 0)",
                id);

        ask(NAME + "\n");

        String password = Files.readString(answer).strip();
        UserEntity now = users.findByUsername(NAME).orElseThrow();
        assertThat(encoder.matches(password, now.passwordHash())).isTrue();
        assertThat(now.toUser().mustChangePassword()).isTrue();
        assertThat(now.isDisabled()).isFalse();
        assertThat(Files.getPosixFilePermissions(answer))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(jdbc.queryForList("select * from second_factor where user_id = ?", id))
                .isEmpty();
        assertThat(
                        jdbc.queryForList(
                                "select actor, after_value from audit_entry where object = ?",
                                "user " + id))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.get("actor")).isEqualTo("system");
                    assertThat(entry.get("after_value"))
                            .asString()
                            .contains("one-time, from the machine")
                            .doesNotContain(password);
                });
    }

    @Test
    void anUnknownNameIsTold() throws Exception {
        ask("nobody-of-that-name");

        assertThat(Files.readString(answer)).isEqualTo("There is no user nobody-of-that-name.\n");
    }

    /** Written whole, as the documented command does it. */
    private void ask(String name) throws Exception {
        Files.writeString(request, name);
        await().until(() -> Files.exists(answer) && !Files.exists(request));
    }
}

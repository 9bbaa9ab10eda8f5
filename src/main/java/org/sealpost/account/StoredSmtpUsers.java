package org.sealpost.account;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Mail accounts in the database; sign-ins read the same rows, so a change acts on the next one. */
@Service
class StoredSmtpUsers implements SmtpUsers {

    private static final String OBJECT = "smtp-user";
    private static final String ADMINISTRATOR = "hasAuthority('users:write')";

    private final JdbcClient database;
    private final PasswordEncoder encoder;
    private final ApplicationEventPublisher events;

    StoredSmtpUsers(
            JdbcClient database, PasswordEncoder encoder, ApplicationEventPublisher events) {
        this.database = database;
        this.encoder = encoder;
        this.events = events;
    }

    @Override
    @Transactional(readOnly = true)
    @PreAuthorize(ADMINISTRATOR)
    public List<SmtpUser> list() {
        return database.sql("select username, senders, version from smtp_account order by username")
                .query((row, number) ->
                        new SmtpUser(
                                row.getString(1),
                                SenderRules.parse(row.getString(2)),
                                row.getLong(3)))
                .list();
    }

    @Override
    @Transactional(readOnly = true)
    @PreAuthorize(ADMINISTRATOR)
    public Optional<SmtpUser> find(String username) {
        return stored(username);
    }

    @Override
    @Transactional
    @PreAuthorize(ADMINISTRATOR)
    public SmtpUser create(SmtpUserDraft draft) {
        var problems = new ArrayList<Problem>();
        String username = draft.username() == null ? "" : draft.username().strip();
        checkName(username, problems);
        String password = draft.password() == null ? "" : draft.password();
        checkPassword(username, password, problems);
        List<String> senders =
                SenderRules.check(draft.senders() == null ? List.of() : draft.senders(), problems);
        refuse(problems);
        if (stored(username).isPresent()) {
            throw taken(username);
        }
        try {
            database.sql(
                            "insert into smtp_account (username, password_hash, senders, version)"
                                    + " values (?, ?, ?, 0)")
                    .params(username, encode(password), SenderRules.stored(senders))
                    .update();
        } catch (DuplicateKeyException lostRace) {
            throw taken(username);
        }
        var created = new SmtpUser(username, senders, 0);
        events.publishEvent(ConfigurationChanged.created(OBJECT, username, created));
        return created;
    }

    @Override
    @Transactional
    @PreAuthorize(ADMINISTRATOR)
    public SmtpUser update(String username, SmtpUserDraft draft, @Nullable Long expectedVersion) {
        SmtpUser before = current(username, expectedVersion);
        var problems = new ArrayList<Problem>();
        if (draft.username() != null && !draft.username().equals(username)) {
            problems.add(
                    new Problem(
                            "username",
                            "An account cannot be renamed.",
                            "Add one with the new name and remove this one."));
        }
        String password = draft.password();
        if (password != null) {
            checkPassword(username, password, problems);
        }
        // Senders that are left out must not become "any sender" in silence.
        List<String> senders =
                draft.senders() == null
                        ? before.senders()
                        : SenderRules.check(draft.senders(), problems);
        refuse(problems);
        int updated =
                database.sql(
                                "update smtp_account set senders = ?, password_hash = ?, version ="
                                        + " version + 1 where username = ? and version = ?")
                        .params(
                                SenderRules.stored(senders),
                                password == null ? storedHash(username) : encode(password),
                                username,
                                before.version())
                        .update();
        if (updated == 0) {
            throw new StaleVersion("mail account", username);
        }
        var after = new SmtpUser(username, senders, before.version() + 1);
        events.publishEvent(
                ConfigurationChanged.changed(
                        OBJECT,
                        username,
                        before,
                        password == null
                                ? after
                                : Map.of(
                                        "username",
                                        username,
                                        "senders",
                                        senders,
                                        "version",
                                        after.version(),
                                        "password",
                                        "changed")));
        return after;
    }

    @Override
    @Transactional
    @PreAuthorize(ADMINISTRATOR)
    public void delete(String username, @Nullable Long expectedVersion) {
        SmtpUser before = current(username, expectedVersion);
        int removed =
                database.sql("delete from smtp_account where username = ? and version = ?")
                        .params(username, before.version())
                        .update();
        if (removed == 0) {
            throw new StaleVersion("mail account", username);
        }
        events.publishEvent(ConfigurationChanged.removed(OBJECT, username, before));
    }

    private Optional<SmtpUser> stored(String username) {
        return database.sql("select senders, version from smtp_account where username = ?")
                .param(username)
                .query((row, number) ->
                        new SmtpUser(username, SenderRules.parse(row.getString(1)), row.getLong(2)))
                .optional();
    }

    private String storedHash(String username) {
        return database.sql("select password_hash from smtp_account where username = ?")
                .param(username)
                .query((row, number) -> row.getString(1))
                .optional()
                .orElseThrow(() -> new NotFound("mail account", username));
    }

    private SmtpUser current(String username, @Nullable Long expectedVersion) {
        SmtpUser user = stored(username).orElseThrow(() -> new NotFound("mail account", username));
        if (expectedVersion != null && user.version() != expectedVersion) {
            throw new StaleVersion("mail account", username);
        }
        return user;
    }

    private static void checkName(String username, List<Problem> problems) {
        if (!username.matches("[A-Za-z0-9._@+-]{1,200}") || username.matches("\\.+")) {
            problems.add(
                    new Problem(
                            "username",
                            "“" + username + "” is not a user name.",
                            "Use up to 200 letters, digits, dots, hyphens, underscores, + or @."));
        }
    }

    private static void checkPassword(String username, String password, List<Problem> problems) {
        PasswordRules.mailProblem(username, password)
                .ifPresent(problem ->
                        problems.add(
                                new Problem(
                                        "password",
                                        problem,
                                        "Choose a random one of at least "
                                                + PasswordRules.SHORTEST_FOR_MAIL
                                                + " characters.")));
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
    }

    private static Conflict taken(String username) {
        return new Conflict(
                "There is already a mail account " + username + ".",
                "Change that one, or choose another name.");
    }

    private String encode(String password) {
        String hash = encoder.encode(password);
        if (hash == null) {
            throw new IllegalStateException("the password encoder returned nothing");
        }
        return hash;
    }
}

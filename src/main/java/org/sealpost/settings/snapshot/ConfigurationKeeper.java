package org.sealpost.settings.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.ConfigurationFiles;
import org.sealpost.settings.ConfigurationNotSaved;
import org.sealpost.settings.StartupRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Restores the configuration from its files where the database was lost, and afterwards keeps the
 * files equal to the database: a change is in them before whoever made it gets an answer.
 */
@Component
class ConfigurationKeeper
        implements FlywayMigrationStrategy,
                TransactionExecutionListener,
                ConfigurationFiles,
                SmartLifecycle,
                AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationKeeper.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Stops after everything that could still change something. */
    private static final int PHASE = -3000;

    private static final long PAUSE_MILLIS = 2_000;

    private final ConfigurationStart start;
    private final Clock clock;
    private @Nullable ChangeLog changes;
    private @Nullable Restoration restoration;
    private @Nullable Thread loop;
    private final Semaphore stop = new Semaphore(0);
    private volatile boolean running;
    private volatile boolean behind;

    ConfigurationKeeper(ConfigurationStart start, Clock clock) {
        this.start = start;
        this.clock = clock;
    }

    @Override
    public void migrate(Flyway flyway) {
        EmbeddedDatabase database = start.database();
        if (database == null) {
            flyway.migrate();
            return;
        }
        try {
            if (start.fault().isPresent()) {
                restoration =
                        restore(
                                flyway,
                                database,
                                start.saved().orElseThrow(),
                                start.fault().orElseThrow());
            }
            try (Connection connection = database.connect()) {
                ConfigurationTables.dropTriggers(connection);
            }
            flyway.migrate();
            changes = open(database, schema(flyway));
        } catch (SQLException | IOException e) {
            throw new StartupRefused(
                    "The configuration snapshot in "
                            + start.home().resolve(ConfigurationStart.FOLDER)
                            + " cannot be used: "
                            + e
                            + ".",
                    "Make room on the disk and the folder writable for the user that runs Sealpost.",
                    e);
        } finally {
            start.close();
        }
    }

    private Restoration restore(
            Flyway flyway, EmbeddedDatabase database, SavedConfiguration saved, String fault)
            throws SQLException, IOException {
        Path aside = moveAside(database.file());
        requireKnownSchema(flyway, saved.base().schema());
        Flyway.configure()
                .configuration(flyway.getConfiguration())
                .target(saved.base().schema())
                .load()
                .migrate();
        Map<String, Long> rows;
        try (Connection connection = database.connect()) {
            ConfigurationTables.createList(connection);
            rows = Restore.into(connection, saved);
        }
        String result =
                "Restored from "
                        + saved.generation().base().getFileName()
                        + " and "
                        + saved.last().number()
                        + " changes: "
                        + rows.entrySet().stream()
                                .filter(table -> table.getValue() > 0)
                                .map(table -> table.getKey() + " " + table.getValue())
                                .collect(Collectors.joining(", "))
                        + "."
                        + (saved.cutOff()
                                ? " A last change that was never acknowledged is not included."
                                : "")
                        + (aside == null ? "" : " The damaged file is now " + aside + ".");
        LOG.warn("{} {}", fault, result);
        return new Restoration(clock.instant().truncatedTo(ChronoUnit.MILLIS), fault, result);
    }

    private static void requireKnownSchema(Flyway flyway, String schema) {
        for (MigrationInfo known : flyway.info().all()) {
            if (known.getVersion() != null && known.getVersion().getVersion().equals(schema)) {
                return;
            }
        }
        throw new StartupRefused(
                "The configuration snapshot was written by a newer version of Sealpost (schema "
                        + schema
                        + ").",
                "Start that version, or a newer one; the snapshot was not changed.");
    }

    private @Nullable Path moveAside(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        Path aside =
                file.resolveSibling(
                        file.getFileName() + ".damaged-" + STAMP.format(clock.instant()));
        return Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    }

    private ChangeLog open(EmbeddedDatabase database, String schema)
            throws SQLException, IOException {
        Mark mark;
        boolean agreed;
        SavedConfiguration saved = start.saved().orElse(null);
        try (Connection connection = database.connect()) {
            ConfigurationTables.createList(connection);
            ConfigurationTables.createTriggers(connection, ConfigurationTables.list(connection));
            Mark known = Mark.read(connection);
            agreed = saved != null && agree(connection, known, saved, schema);
            mark = known == null ? new Mark(UUID.randomUUID().toString(), 0) : known;
        }
        ChangeLog opened;
        if (saved != null && agreed) {
            opened =
                    ChangeLog.continued(
                            database,
                            schema,
                            saved,
                            new Mark(saved.last().lineage(), saved.last().number()));
        } else {
            Path folder = start.home().resolve(ConfigurationStart.FOLDER);
            opened =
                    ChangeLog.begun(
                            database,
                            schema,
                            Generation.newest(folder).orElse(new Generation(folder, 0)),
                            mark);
            LOG.info("a new configuration snapshot was written to {}", folder);
        }
        opened.save();
        return opened;
    }

    private static boolean agree(
            Connection connection, @Nullable Mark mark, SavedConfiguration saved, String schema)
            throws SQLException {
        Commit last = saved.last();
        return mark != null
                && mark.lineage().equals(last.lineage())
                && saved.base().schema().equals(schema)
                && (mark.number() == last.number()
                        || (mark.number() == last.number() - 1
                                && ConfigurationStart.isPending(connection, last.through())));
    }

    private static String schema(Flyway flyway) {
        MigrationInfo current = flyway.info().current();
        if (current == null || current.getVersion() == null) {
            throw new IllegalStateException("the database has no schema version");
        }
        return current.getVersion().getVersion();
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure == null) {
            OpenTransactions.begin(transaction);
        }
    }

    /** What is thrown here reaches the caller, which must not be told that all is well. */
    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        if (OpenTransactions.end(transaction) && failure == null) {
            save();
        }
    }

    @Override
    public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
        OpenTransactions.end(transaction);
    }

    private void save() {
        ChangeLog log = changes;
        if (log == null) {
            return;
        }
        try {
            log.save();
            if (behind) {
                behind = false;
                LOG.info("the configuration snapshot is complete again; delivery goes on");
            }
        } catch (IOException | SQLException | RuntimeException e) {
            if (!behind) {
                LOG.error(
                        "a change of configuration is in force but could not be forced to the"
                                + " configuration snapshot; no mail is delivered until it is: {}",
                        e.toString());
            }
            behind = true;
            throw new ConfigurationNotSaved(e);
        }
    }

    @Override
    public boolean areBehind() {
        return behind;
    }

    @Override
    public Optional<Restoration> restoration() {
        return Optional.ofNullable(restoration);
    }

    @Override
    public void start() {
        running = true;
        if (changes != null) {
            loop = Thread.ofPlatform().daemon().name("configuration-keeper").start(this::run);
        }
    }

    /** Saves what was written outside of transactions, and what failed before. */
    private void run() {
        while (running) {
            try {
                if (!stop.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    save();
                    shorten();
                }
            } catch (ConfigurationNotSaved toldAlready) {
                // the next round tries again
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void shorten() {
        ChangeLog log = changes;
        try {
            if (log != null && log.isLong()) {
                log.renew();
            }
        } catch (IOException | SQLException | RuntimeException e) {
            LOG.warn("the configuration snapshot could not be shortened: {}", e.toString());
        }
    }

    @Override
    public void stop() {
        running = false;
        Thread thread = loop;
        if (thread != null) {
            stop.release(); // never interrupted: that would close H2's file under everybody
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            save();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    @Override
    public void close() throws IOException {
        if (changes != null) {
            changes.close();
        }
    }
}

package org.sealpost.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sealpost.audit.AuditTrail.Entry;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.StartupRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * At start, completes database and files from each other: a crash between commit and copy leaves an
 * entry in the database only, a lost or older database leaves entries in the files only.
 */
@Component
class AuditRestore implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRestore.class);

    /** Before the first start is filled in, and so before anything writes an entry. */
    private static final int PHASE = -2000;

    private final AuditRows rows;
    private final AuditFiles files;
    private final TransactionTemplate transaction;
    private final SealpostHome home;
    private volatile boolean running;

    AuditRestore(
            AuditRows rows, AuditCopy copy, TransactionTemplate transaction, SealpostHome home) {
        this.rows = rows;
        this.files = copy.files();
        this.transaction = transaction;
        this.home = home;
    }

    @Override
    public void start() {
        try {
            complete(rows, files, transaction);
        } catch (IOException e) {
            throw new StartupRefused(
                    "The audit files in "
                            + home.resolve("audit")
                            + " cannot be read or completed: "
                            + e
                            + ".",
                    "Make the folder readable and writable for the user that runs Sealpost, and make"
                            + " room on its disk.",
                    e);
        }
        running = true;
    }

    static void complete(AuditRows rows, AuditFiles files, TransactionTemplate transaction)
            throws IOException {
        Set<Long> stored = rows.ids();
        // What retention has removed, the oldest, must not come back.
        long oldest = stored.stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE);
        long newest = stored.stream().mapToLong(Long::longValue).max().orElse(0);
        var copied = new HashSet<Long>();
        List<Entry> missing = new ArrayList<>();
        files.forEach(entry -> {
            if (copied.add(entry.id()) && entry.id() >= oldest && !stored.contains(entry.id())) {
                missing.add(entry);
            }
        });
        if (!missing.isEmpty()) {
            long last = missing.stream().mapToLong(Entry::id).max().orElse(0);
            transaction.executeWithoutResult(status -> {
                missing.forEach(rows::restore);
                if (last > newest) {
                    rows.continueAfter(last);
                }
            });
            LOG.warn("{} audit entries were restored from the files", missing.size());
        }
        List<Entry> uncopied =
                stored.stream().filter(id -> !copied.contains(id)).sorted().map(rows::get).toList();
        if (!uncopied.isEmpty()) {
            files.append(uncopied);
            LOG.warn("{} audit entries were copied to the files", uncopied.size());
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}

package org.sealpost.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sealpost.audit.AuditTrail.Entry;
import org.sealpost.settings.SealpostHome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Copies the entries of a transaction to the files right after its commit, in one force. */
@Component
class AuditCopy {

    private static final Logger LOG = LoggerFactory.getLogger(AuditCopy.class);

    private final AuditFiles files;
    private final List<Entry> owed = new ArrayList<>();

    AuditCopy(SealpostHome home) {
        this.files = new AuditFiles(home.resolve("audit"));
    }

    AuditFiles files() {
        return files;
    }

    /** Called within the transaction that stores the entries. */
    void afterCommit(List<Entry> entries) {
        for (TransactionSynchronization known :
                TransactionSynchronizationManager.getSynchronizations()) {
            if (known instanceof Commit commit) {
                commit.entries.addAll(entries);
                return;
            }
        }
        var commit = new Commit();
        commit.entries.addAll(entries);
        TransactionSynchronizationManager.registerSynchronization(commit);
    }

    private final class Commit implements TransactionSynchronization {
        private final List<Entry> entries = new ArrayList<>();

        /** What is thrown here reaches the caller, which must not be told that all is well. */
        @Override
        public void afterCommit() {
            copy(entries);
        }
    }

    /** Also copies what earlier failures left behind. */
    private synchronized void copy(List<Entry> entries) {
        owed.addAll(entries);
        try {
            files.append(owed);
            owed.clear();
        } catch (IOException e) {
            LOG.error(
                    "{} audit entries are in the database only, and their changes are in force: {}",
                    owed.size(),
                    e.toString());
            throw new AuditCopyFailed(e);
        }
    }
}

package org.sealpost.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.audit.AuditTrail.Entry;
import org.springframework.stereotype.Service;

/** Compares the audit files with their chain and with the database. */
@Service
class StoredAuditProof implements AuditProof {

    private static final int MOST_FINDINGS = 100;
    private static final int ENTRIES_AT_ONCE = 1_000;

    /** An entry reaches the files right after the database. */
    private static final Duration COPIED_WITHIN = Duration.ofMinutes(1);

    private final AuditFiles files;
    private final AuditRows rows;
    private final Clock clock;

    StoredAuditProof(AuditCopy copy, AuditRows rows, Clock clock) {
        this.files = copy.files();
        this.rows = rows;
        this.clock = clock;
    }

    @Override
    public Report verify() {
        var reading = new Reading(rows.ids());
        try {
            files.forEachLine(reading::line);
        } catch (IOException e) {
            reading.add(null, null, "The audit files cannot be read: " + e + ".");
        }
        reading.finish();
        return new Report(
                reading.findings.isEmpty(),
                reading.entries,
                reading.head,
                List.copyOf(reading.findings));
    }

    /** What is known up to a line. */
    private final class Reading {
        private final Set<Long> stored;
        private final long oldest;
        private final long newest;
        private final Set<Long> seen = new HashSet<>();
        private final List<Entry> compared = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();
        private String head = AuditChain.START;
        private boolean begun;
        private long entries;

        Reading(Set<Long> stored) {
            this.stored = stored;
            this.oldest = stored.stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
            this.newest = stored.stream().mapToLong(Long::longValue).max().orElse(0);
        }

        void line(Path file, int number, String text) {
            Entry entry = AuditFiles.parse(text);
            if (entry == null) {
                add(
                        file,
                        number,
                        "The line holds no entry; a crash while it was written leaves one.");
                return;
            }
            entries++;
            var line = AuditChain.Line.parse(text);
            String link = line.link();
            if (link == null) {
                if (begun) {
                    add(file, number, "The line is not part of the chain.");
                }
            } else {
                // The lines before the first one may be gone by retention.
                if (begun && !line.follows(head)) {
                    add(
                            file,
                            number,
                            "The line does not follow the one before: it was changed, or others were"
                                    + " added, removed or moved before it.");
                }
                begun = true;
                head = link;
            }
            if (seen.add(entry.id()) && entry.id() >= oldest) {
                compared.add(entry);
                if (compared.size() == ENTRIES_AT_ONCE) {
                    compare();
                }
            }
        }

        void finish() {
            compare();
            List<Long> missing =
                    stored.stream()
                            .filter(id -> !seen.contains(id))
                            .sorted()
                            .limit(MOST_FINDINGS)
                            .toList();
            Instant settled = clock.instant().minus(COPIED_WITHIN);
            rows.all(missing).stream()
                    .filter(row -> row.at().isBefore(settled))
                    .forEach(row ->
                            add(
                                    null,
                                    null,
                                    "Entry " + row.id() + " is in the database and in no file."));
        }

        private void compare() {
            List<Long> wanted = compared.stream().map(Entry::id).toList();
            Map<Long, Entry> known =
                    rows.all(wanted).stream()
                            .collect(Collectors.toMap(Entry::id, Function.identity()));
            for (Entry entry : compared) {
                Entry row = known.get(entry.id());
                if (row == null && !stored.contains(entry.id()) && entry.id() <= newest) {
                    add(null, null, "Entry " + entry.id() + " is gone from the database.");
                } else if (row != null && !entry.equals(AuditFiles.parse(AuditFiles.text(row)))) {
                    add(null, null, "Entry " + entry.id() + " was changed in the database.");
                }
            }
            compared.clear();
        }

        void add(@Nullable Path file, @Nullable Integer number, String message) {
            if (findings.size() < MOST_FINDINGS) {
                findings.add(
                        new Finding(
                                file == null ? null : String.valueOf(file.getFileName()),
                                number,
                                message));
            }
        }
    }
}

package org.sealpost.audit;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;

/** The audit entries in the database. */
@Service
class StoredAuditTrail implements AuditTrail {

    private static final String MATCHES =
            " (cast(:text as varchar) = '' or position(:text in lower(actor || ' ' || action || ' ' ||"
                    + " object)) > 0)";

    private final JdbcClient database;

    StoredAuditTrail(JdbcClient database) {
        this.database = database;
    }

    @Override
    @PreAuthorize("hasAuthority('audit:read')")
    public List<Entry> page(@Nullable String text, @Nullable Long before, int size) {
        return page("id < :seen", "id desc", text, before == null ? Long.MAX_VALUE : before, size);
    }

    @Override
    @PreAuthorize("hasAuthority('audit:read')")
    public List<Entry> oldestFirst(@Nullable String text, @Nullable Long after, int size) {
        return page("id > :seen", "id", text, after == null ? Long.MIN_VALUE : after, size);
    }

    private List<Entry> page(
            String unseen, String order, @Nullable String text, long seen, int size) {
        return database.sql(
                        "select %s from audit_entry where %s and%s order by %s limit :size"
                                .formatted(AuditRows.COLUMNS, unseen, MATCHES, order))
                .param("seen", seen)
                .param("text", folded(text))
                .param("size", size)
                .query(AuditRows::entry)
                .list();
    }

    @Override
    @PreAuthorize("hasAuthority('audit:read')")
    public long count(@Nullable String text) {
        return database.sql("select count(*) from audit_entry where" + MATCHES)
                .param("text", folded(text))
                .query((row, number) -> row.getLong(1))
                .single();
    }

    private static String folded(@Nullable String text) {
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }
}

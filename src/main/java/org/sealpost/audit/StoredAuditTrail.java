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
        return database.sql(
                        "select "
                                + AuditRows.COLUMNS
                                + " from audit_entry where id < :before and"
                                + MATCHES
                                + " order by id desc limit :size")
                .param("before", before == null ? Long.MAX_VALUE : before)
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

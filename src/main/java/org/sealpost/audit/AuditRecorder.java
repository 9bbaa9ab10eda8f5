package org.sealpost.audit;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an entry in the transaction of the change it tells of: neither exists without the other.
 */
@Component
class AuditRecorder {

    private final JdbcClient database;
    private final JsonMapper json;
    private final Clock clock;

    AuditRecorder(JdbcClient database, JsonMapper json, Clock clock) {
        this.database = database;
        this.json = json;
        this.clock = clock;
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(ConfigurationChanged change) {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        database.sql(
                        "insert into audit_entry (made_at, actor, address, action, object,"
                                + " before_value, after_value) values (?, ?, ?, ?, ?, ?, ?)")
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .param(caller == null ? "system" : caller.getName())
                .param(address(caller))
                .param(change.object() + "." + change.action().name().toLowerCase(Locale.ROOT))
                .param(change.object() + " " + change.id())
                .param(text(change.before()))
                .param(text(change.after()))
                .update();
    }

    private @Nullable String text(@Nullable Object value) {
        return value == null ? null : json.writeValueAsString(value);
    }

    private static @Nullable String address(@Nullable Authentication caller) {
        return caller != null && caller.getDetails() instanceof WebAuthenticationDetails details
                ? details.getRemoteAddress()
                : null;
    }
}

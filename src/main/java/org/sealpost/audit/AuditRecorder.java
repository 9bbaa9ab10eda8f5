package org.sealpost.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.events.AccessEvent;
import org.sealpost.account.events.AccessEvent.Denied;
import org.sealpost.account.events.AccessEvent.Door;
import org.sealpost.account.events.AccessEvent.SignInFailed;
import org.sealpost.account.events.AccessEvent.SignedIn;
import org.sealpost.audit.AuditTrail.Entry;
import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.settings.events.ConfigurationChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an entry in the transaction of the change it tells of: neither exists without the other.
 * Sign-ins and denials get a transaction of their own.
 */
@Component
class AuditRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(AuditRecorder.class);
    private static final int LONGEST_VALUE = 1_000_000;
    private static final int LONGEST_OBJECT = 300;
    private static final int ENTRIES_AT_ONCE = 1_000;

    private final AuditRows rows;
    private final AuditCopy copy;
    private final JsonMapper json;
    private final Clock clock;
    private final Repeats repeats;
    private final TransactionTemplate ownTransaction;

    AuditRecorder(
            AuditRows rows,
            AuditCopy copy,
            JsonMapper json,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.rows = rows;
        this.copy = copy;
        this.json = json;
        this.clock = clock;
        this.repeats = new Repeats(clock);
        this.ownTransaction = new TransactionTemplate(transactions);
        ownTransaction.setPropagationBehavior(TransactionTemplate.PROPAGATION_REQUIRES_NEW);
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(ConfigurationChanged change) {
        record(new ConfigurationChanges(List.of(change)));
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(ConfigurationChanges changes) {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        String actor = caller == null ? "system" : caller.getName();
        changes.all().stream()
                .map(change ->
                        entry(
                                actor,
                                address(caller),
                                change.object()
                                        + "."
                                        + change.action().name().toLowerCase(Locale.ROOT),
                                change.object() + " " + change.id(),
                                text(change.before()),
                                text(change.after())))
                .gather(Gatherers.windowFixed(ENTRIES_AT_ONCE))
                .forEach(this::add);
    }

    @EventListener
    public void record(AccessEvent event) {
        String actor =
                switch (event) {
                    case SignedIn(String username, _, _) -> username;
                    case SignInFailed(String username, _, _, _) ->
                            username == null ? "unknown user" : username;
                    case Denied(String username, _, _) -> username;
                };
        String action =
                switch (event) {
                    case SignedIn ignored -> "login.succeeded";
                    case SignInFailed ignored -> "login.failed";
                    case Denied ignored -> "access.denied";
                };
        String object =
                switch (event) {
                    case SignedIn(_, _, Door door) -> door == Door.PAGE ? "console" : "api";
                    case SignInFailed(_, _, Door door, boolean throttled) ->
                            (door == Door.PAGE ? "console" : "api") + (throttled ? ", slowed" : "");
                    case Denied(_, _, String request) -> request;
                };
        if (isEachRecorded(event) || repeats.isNew(key(actor, event.address(), action, object))) {
            try {
                ownTransaction.executeWithoutResult(status ->
                        add(List.of(entry(actor, event.address(), action, object, null, null))));
            } catch (RuntimeException e) {
                // Nothing was changed; a full disk must not keep out who could make room.
                LOG.error(
                        "{} of {} from {} could not be recorded",
                        action,
                        actor,
                        event.address(),
                        e);
            }
        }
    }

    /** People sign in now and then, and the throttle bounds their failures. */
    private static boolean isEachRecorded(AccessEvent event) {
        return switch (event) {
            case SignedIn(_, _, Door door) -> door == Door.PAGE;
            case SignInFailed(_, _, Door door, boolean throttled) ->
                    door == Door.PAGE && !throttled;
            case Denied ignored -> false;
        };
    }

    private static String key(String actor, String address, String action, String object) {
        return String.join("\n", actor, address, action, object.replaceAll("/[0-9]+", "/{id}"));
    }

    private void add(List<Entry> entries) {
        copy.afterCommit(rows.add(entries));
    }

    private Entry entry(
            String actor,
            @Nullable String address,
            String action,
            String object,
            @Nullable String before,
            @Nullable String after) {
        return new Entry(
                0,
                // as exact as the database keeps it, so that both copies agree
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                actor,
                address,
                action,
                object.length() > LONGEST_OBJECT ? object.substring(0, LONGEST_OBJECT) : object,
                before,
                after);
    }

    private @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        String text = json.writeValueAsString(value);
        if (text.indexOf('\n') >= 0) {
            text = json.readTree(text).toString(); // an entry is one line
        }
        return text.length() <= LONGEST_VALUE
                ? text
                : json.writeValueAsString(
                        Map.of("omitted", text.length() + " characters", "sha256", digest(text)));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static @Nullable String address(@Nullable Authentication caller) {
        return caller != null && caller.getDetails() instanceof WebAuthenticationDetails details
                ? details.getRemoteAddress()
                : null;
    }
}

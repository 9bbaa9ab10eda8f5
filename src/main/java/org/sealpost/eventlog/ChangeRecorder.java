package org.sealpost.eventlog;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.settings.events.ConfigurationChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells in the connection log what was changed by whom, beside what came of it. What exactly was
 * changed, and that nothing is missing, is the audit's to say.
 */
@Component
class ChangeRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeRecorder.class);

    /** What names an object for people; nothing else of it is told here. */
    private static final List<String> NAMES =
            List.of("nextHop", "pattern", "name", "username", "subject", "peer");

    private final EventLog log;
    private final MailLog lines;
    private final JsonMapper json;

    ChangeRecorder(EventLog log, MailLog lines, JsonMapper json) {
        this.log = log;
        this.lines = lines;
        this.json = json;
    }

    @TransactionalEventListener
    void on(ConfigurationChanged change) {
        tell(() -> change.object() + " " + change.id() + name(change) + " " + action(change));
    }

    @TransactionalEventListener
    void on(ConfigurationChanges changes) {
        tell(() ->
                changes.all().stream()
                        .collect(
                                Collectors.groupingBy(
                                        change -> change.object() + " " + action(change),
                                        Collectors.counting()))
                        .entrySet()
                        .stream()
                        .map(kind -> kind.getValue() + " times " + kind.getKey())
                        .sorted()
                        .collect(Collectors.joining(", ")));
    }

    private void tell(Supplier<String> what) {
        try {
            String text = EventText.line(what.get() + " by " + caller());
            lines.add(new MailLine("config", text, null, null, false));
            log.add(id -> ConnectionEvent.internal(id, "change", text));
        } catch (RuntimeException e) {
            LOG.error("a change could not be told in the connection log; it is in force", e);
        }
    }

    private String name(ConfigurationChanged change) {
        JsonNode now = json.valueToTree(change.after());
        JsonNode before = json.valueToTree(change.before());
        String name = name(now) == null ? name(before) : name(now);
        return name == null ? "" : " (" + name + ")";
    }

    private static @Nullable String name(@Nullable JsonNode value) {
        return value == null
                ? null
                : NAMES.stream()
                        .map(value::path)
                        .filter(JsonNode::isString)
                        .map(JsonNode::asString)
                        .findFirst()
                        .orElse(null);
    }

    private static String action(ConfigurationChanged change) {
        return change.action().name().toLowerCase(Locale.ROOT);
    }

    private static String caller() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller == null ? "Sealpost itself" : caller.getName();
    }
}

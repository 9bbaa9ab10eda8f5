package org.sealpost.smtp;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateUse;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.Versioned;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The listeners as an administrator edits them; a change acts on the next connection. */
@Service
public class StoredListeners implements CertificateUse {

    private final ListenerRows rows;
    private final ListenerCheck check;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;

    /** A listener with the reason somebody gave for its change, as the audit keeps it. */
    private record Explained(@JsonUnwrapped ListenerSettings listener, String reason) {}

    /** Tells {@link Listeners} what it is to do from now on. */
    record Changed(ListenerSettings after) {}

    StoredListeners(
            ListenerRows rows,
            ListenerCheck check,
            JsonMapper json,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.check = check;
        this.json = json;
        this.events = events;
    }

    /** A listener as it is stored. */
    @Transactional(readOnly = true)
    public Versioned<ListenerSettings> get(String name) {
        ListenerEntity row = row(name);
        return new Versioned<>(settings(row), row.version());
    }

    /**
     * Which protection a change takes away, a sentence each.
     *
     * @throws InvalidInput when the change would be refused
     */
    @Transactional(readOnly = true)
    public List<String> weakenings(String name, ListenerSettings wanted) {
        ListenerSettings before = settings(row(name));
        requireValid(before, wanted);
        return ListenerWeakening.between(before, wanted);
    }

    /**
     * Replaces a listener's settings. Needs {@code listeners:write}.
     *
     * @param expectedVersion the version the change is based on, or null to overwrite any
     * @param reason why, for the audit; null when none was given
     * @throws InvalidInput with everything that cannot be used
     */
    @Transactional
    @PreAuthorize("hasAuthority('listeners:write')")
    public Versioned<ListenerSettings> update(
            String name,
            ListenerSettings wanted,
            @Nullable Long expectedVersion,
            @Nullable String reason) {
        ListenerEntity row = row(name);
        if (expectedVersion != null && expectedVersion != row.version()) {
            throw new StaleVersion("listener", name);
        }
        ListenerSettings before = settings(row);
        requireValid(before, wanted);
        row.replace(json.writeValueAsString(wanted));
        rows.saveAndFlush(row);
        events.publishEvent(
                ConfigurationChanged.changed(
                        "listener",
                        name,
                        before,
                        reason == null ? wanted : new Explained(wanted, reason)));
        events.publishEvent(new Changed(wanted));
        return new Versioned<>(wanted, row.version());
    }

    private void requireValid(ListenerSettings before, ListenerSettings wanted) {
        List<Problem> problems = check.problems(before, wanted, all());
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
    }

    /** All listeners, by name. */
    List<ListenerSettings> all() {
        return rows.findAll().stream()
                .map(this::settings)
                .sorted(Comparator.comparing(ListenerSettings::name))
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public List<String> of(long certificateId) {
        return all().stream()
                .filter(listener -> listener.certificateIds().contains(certificateId))
                .map(listener -> "the listener " + listener.name())
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public List<String> unfit(long certificateId, X509Certificate successor) {
        return all().stream()
                .filter(listener -> !check.canPresent(listener, certificateId, successor))
                .map(listener ->
                        "The listener "
                                + listener.name()
                                + " could begin no TLS session below 1.3 with it: its key is on a"
                                + " curve that is not among the listener's groups.")
                .toList();
    }

    private ListenerEntity row(String name) {
        return rows.findById(name).orElseThrow(() -> new NotFound("listener", name));
    }

    /** What a document of an older version does not say is as on a first start. */
    private ListenerSettings settings(ListenerEntity row) {
        var stored = (ObjectNode) json.readTree(row.document());
        ObjectNode whole =
                json.valueToTree(
                        ListenerSettings.standard(
                                "", 0, null, "", false, false, ListenerSettings.Limits.STANDARD));
        whole.setAll(stored);
        return Objects.requireNonNull(json.treeToValue(whole, ListenerSettings.class));
    }
}

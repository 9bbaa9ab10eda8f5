package org.sealpost.settings;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings an administrator edits. Reads come from memory and cost no SQL; a change acts on the
 * next read after its commit.
 */
@Service
public class Settings {

    private final SettingsDocuments documents;
    private final JsonMapper json;
    private final ApplicationEventPublisher events;
    private final Map<String, Versioned<?>> current = new ConcurrentHashMap<>();

    Settings(SettingsDocuments documents, JsonMapper json, ApplicationEventPublisher events) {
        this.documents = documents;
        this.json = json;
        this.events = events;
    }

    public <T> T get(SettingsSection<T> section) {
        return getVersioned(section).value();
    }

    /** The section's values with their version. */
    public <T> Versioned<T> getVersioned(SettingsSection<T> section) {
        Versioned<?> known = current.computeIfAbsent(section.name(), name -> load(section));
        return new Versioned<>(section.type().cast(known.value()), known.version());
    }

    /**
     * Replaces a section.
     *
     * @param expectedVersion the version the change is based on, or null to overwrite any
     * @throws InvalidInput when a value cannot be used
     * @throws StaleVersion when the section was changed since
     */
    @Transactional
    @PreAuthorize("hasAuthority('settings:write')")
    public <T> Versioned<T> update(
            SettingsSection<T> section, T value, @Nullable Long expectedVersion) {
        return update(section, value, expectedVersion, (before, after) -> after);
    }

    /**
     * Replaces a section.
     *
     * @param reason why, for the audit; null when none was given
     */
    @Transactional
    @PreAuthorize("hasAuthority('settings:write')")
    public <T> Versioned<T> update(
            SettingsSection<T> section,
            T value,
            @Nullable Long expectedVersion,
            @Nullable String reason) {
        return update(
                section,
                value,
                expectedVersion,
                (before, after) -> reason == null ? after : new Explained(after, reason));
    }

    /**
     * Replaces a section.
     *
     * @param audited what the audit keeps of the value, by what it was before and is now
     */
    @Transactional
    @PreAuthorize("hasAuthority('settings:write')")
    public <T> Versioned<T> update(
            SettingsSection<T> section,
            T value,
            @Nullable Long expectedVersion,
            BiFunction<T, T, Object> audited) {
        check(section, value);
        SettingsDocument row =
                documents
                        .findById(section.name())
                        .orElseThrow(() -> new IllegalStateException("not seeded: " + section));
        if (expectedVersion != null && row.version() != expectedVersion) {
            throw new StaleVersion("settings document", section.name());
        }
        T before = json.readValue(row.document(), section.type());
        row.replaceBy(json.writeValueAsString(value));
        documents.saveAndFlush(row);
        events.publishEvent(
                ConfigurationChanged.changed(
                        "settings", section.name(), before, audited.apply(before, value)));
        var updated = new Versioned<>(value, row.version());
        afterCommit(() -> current.put(section.name(), updated));
        return updated;
    }

    /** Writes a section on the first start; part of {@link BootstrapStep}s only. */
    @Transactional
    public <T> void seed(SettingsSection<T> section, T value) {
        check(section, value);
        documents.saveAndFlush(
                new SettingsDocument(section.name(), json.writeValueAsString(value)));
    }

    boolean isEmpty() {
        return documents.count() == 0;
    }

    private <T> Versioned<T> load(SettingsSection<T> section) {
        SettingsDocument row =
                documents
                        .findById(section.name())
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "settings not seeded: " + section.name()));
        return new Versioned<>(json.readValue(row.document(), section.type()), row.version());
    }

    private static <T> void check(SettingsSection<T> section, T value) {
        List<InvalidInput.Problem> problems = section.check().apply(value);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
    }

    /** Values with the reason somebody gave for the change. */
    private record Explained(@JsonUnwrapped Object values, String reason) {}

    private static void afterCommit(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        action.run();
                    }

                    @Override
                    public int getOrder() {
                        return HIGHEST_PRECEDENCE; // also when another one fails after the commit
                    }
                });
    }
}

package org.sealpost.settings.events;

import org.jspecify.annotations.Nullable;

/**
 * A change of configuration, published inside the transaction that makes it: the audit entry is
 * written by a listener in that same transaction, so neither can exist without the other.
 *
 * @param object what kind of thing, e.g. {@code policy}, {@code route}, {@code user}, {@code
 *     settings}
 * @param id which one, e.g. {@code 42} or {@code relay}
 * @param action what was done to it
 * @param before its value before, as the API shows it and so without secrets; null when created
 * @param after its value afterwards; null when removed
 */
public record ConfigurationChanged(
        String object, String id, Action action, @Nullable Object before, @Nullable Object after) {

    /** What was done. */
    public enum Action {
        CREATED,
        CHANGED,
        REMOVED,
        IMPORTED,
        RESTORED
    }

    public static ConfigurationChanged created(String object, Object id, Object after) {
        return new ConfigurationChanged(object, id.toString(), Action.CREATED, null, after);
    }

    public static ConfigurationChanged changed(
            String object, Object id, Object before, Object after) {
        return new ConfigurationChanged(object, id.toString(), Action.CHANGED, before, after);
    }

    public static ConfigurationChanged removed(String object, Object id, Object before) {
        return new ConfigurationChanged(object, id.toString(), Action.REMOVED, before, null);
    }
}

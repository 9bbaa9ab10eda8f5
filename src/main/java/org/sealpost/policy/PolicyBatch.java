package org.sealpost.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the policy table that are made together or not at all.
 *
 * @param action how the audit names them
 * @param added new rules; a key that exists already is a conflict
 * @param changed rules to replace
 * @param removed rules to remove, done first
 * @param reason why, for the audit; asked for when something gets weaker
 */
public record PolicyBatch(
        Action action,
        List<PolicyDraft> added,
        List<Changed> changed,
        List<Removed> removed,
        @Nullable String reason) {

    /** How the audit names the changes. */
    public enum Action {
        /** One by one, as {@code policy.created}, {@code changed} or {@code removed}. */
        EDIT,
        /** Each as {@code policy.imported}. */
        IMPORT
    }

    /**
     * A rule to replace.
     *
     * @param version the version the change is based on; any other is a lost race
     */
    public record Changed(long id, long version, PolicyDraft draft) {}

    /**
     * A rule to remove.
     *
     * @param version the version the removal is based on; any other is a lost race
     */
    public record Removed(long id, long version) {}

    public PolicyBatch {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    public PolicyBatch(
            Action action, List<PolicyDraft> added, List<Changed> changed, List<Removed> removed) {
        this(action, added, changed, removed, null);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
}

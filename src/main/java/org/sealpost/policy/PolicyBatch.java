package org.sealpost.policy;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the policy table that are made together or not at all.
 *
 * @param action how the audit names them
 * @param added new rules; a key that exists already is a conflict
 * @param changed rules to replace
 * @param removed rules to remove, done first
 * @param defaults what the rules inherit when that is stored in the same transaction; null for what
 *     holds already
 * @param reason why, for the audit; asked for when something gets weaker
 */
public record PolicyBatch(
        Action action,
        List<PolicyDraft> added,
        List<Changed> changed,
        List<Removed> removed,
        @Nullable TlsSettings defaults,
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
        this(action, added, changed, removed, null, null);
    }

    /** The same changes, to be checked against defaults that are stored with them. */
    public PolicyBatch under(TlsSettings stored) {
        return new PolicyBatch(action, added, changed, removed, stored, reason);
    }

    /** The same changes with a reason. */
    public PolicyBatch because(@Nullable String given) {
        return new PolicyBatch(action, added, changed, removed, defaults, given);
    }

    /** Every rule that is written: the added ones, then the replacements. */
    List<PolicyDraft> drafts() {
        return Stream.concat(added.stream(), changed.stream().map(Changed::draft)).toList();
    }

    /** Every rule that has to exist already. */
    List<Long> ids() {
        return Stream.concat(removed.stream().map(Removed::id), changed.stream().map(Changed::id))
                .toList();
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
}

package org.sealpost.policy;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NextHop;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;

/** The TLS policy table. */
public interface TlsPolicies {

    /** What holds for a next hop: hash look-ups in memory, no lock, no SQL. */
    PolicyLookup lookup(NextHop nextHop);

    /**
     * What the defaults ask of a server at a level, whatever rule the next hop has; for looking at
     * servers, never for mail.
     *
     * @throws org.sealpost.mail.InvalidInput when the defaults cannot be honoured
     */
    TlsRequirement byDefault(NextHop nextHop, TlsLevel level);

    Optional<TlsPolicy> find(long id);

    /** Every rule, disabled ones too, ordered by next hop; from memory, without SQL. */
    List<TlsPolicy> all();

    /**
     * The draft in canonical form, as it would be stored; nothing is stored.
     *
     * @throws org.sealpost.mail.InvalidInput with every problem found
     */
    PolicyDraft check(PolicyDraft draft);

    /**
     * The same check for many drafts: rules that differ only in their keys are worked out once.
     *
     * @param defaults what the drafts would inherit, which need not be stored yet
     */
    UnaryOperator<PolicyDraft> checkUnder(TlsSettings defaults);

    /**
     * How a change would alter what its destination has to prove.
     *
     * @param id the rule to change, or null for a new one
     * @param draft what it shall become, or null to remove it
     * @throws org.sealpost.mail.InvalidInput when the draft cannot be stored
     */
    StrengthChange compare(@Nullable Long id, @Nullable PolicyDraft draft);

    /**
     * Adds a rule; refuses what Postfix would only trip over at run time.
     *
     * @param reason why, for the audit; a rule may weaken what held without it
     */
    TlsPolicy create(PolicyDraft draft, @Nullable String reason);

    /** Adds a rule without giving a reason. */
    TlsPolicy create(PolicyDraft draft);

    /**
     * Replaces a rule.
     *
     * @param expectedVersion null overwrites any version
     * @param reason why, for the audit; asked for when the rule gets weaker
     */
    TlsPolicy update(
            long id, PolicyDraft draft, @Nullable Long expectedVersion, @Nullable String reason);

    /** Replaces a rule without giving a reason. */
    TlsPolicy update(long id, PolicyDraft draft, @Nullable Long expectedVersion);

    /** Removes a rule; {@code reason}, when given, says why in the audit. */
    void delete(long id, @Nullable Long expectedVersion, @Nullable String reason);

    /** Removes a rule without giving a reason. */
    void delete(long id, @Nullable Long expectedVersion);

    /**
     * Makes all changes in one transaction and lets them act at one moment; none is made when one
     * of them cannot be.
     *
     * @return the rules that were added or changed, as they are stored now
     * @throws org.sealpost.mail.InvalidInput with every problem of every draft
     * @throws org.sealpost.mail.Conflict when an added key exists or is added twice
     * @throws org.sealpost.mail.StaleVersion when somebody changed one of the rules meanwhile
     */
    List<TlsPolicy> apply(PolicyBatch batch);
}

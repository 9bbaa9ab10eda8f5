package org.sealpost.policy;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NextHop;

/** The TLS policy table. */
public interface TlsPolicies {

    /** What holds for a next hop: hash look-ups in memory, no lock, no SQL. */
    PolicyLookup lookup(NextHop nextHop);

    Optional<TlsPolicy> find(long id);

    /**
     * A page of rules ordered by next hop.
     *
     * @param text found in next hop or note; null for all
     * @param after the next hop of the last rule of the page before; null for the first page
     */
    List<TlsPolicy> page(@Nullable String text, @Nullable String after, int size);

    long count(@Nullable String text);

    /** Adds a rule; refuses what Postfix would only trip over at run time. */
    TlsPolicy create(PolicyDraft draft);

    /** Replaces a rule; {@code expectedVersion} null overwrites any version. */
    TlsPolicy update(long id, PolicyDraft draft, @Nullable Long expectedVersion);

    void delete(long id, @Nullable Long expectedVersion);
}

package org.sealpost.account;

import java.time.Instant;
import java.util.List;

/** The passkeys of whoever is signed in; they are made by the browser, see {@code RelyingParty}. */
public interface Passkeys {

    /** The caller's own, in the order they were made. */
    List<Passkey> own();

    /** Where the console must be opened for passkeys to work. */
    String address();

    void rename(long id, String label);

    void remove(long id);

    /**
     * A passkey.
     *
     * @param label what its owner calls it
     */
    record Passkey(long id, String label, Instant createdAt, Instant lastUsedAt) {}
}

package org.sealpost.account;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The authenticator apps of console users, asked for after the password. */
public interface SecondFactors {

    /** Whether the signed-in user has one. */
    Own own();

    /** A new key for the signed-in user's app; nothing is stored before {@link #enrol}. */
    Proposal propose();

    /**
     * Stores a proposed key, from now on asked for at sign-in.
     *
     * @param key of the proposal, as typed
     * @param code what the app shows, as proof that it has the key
     * @return recovery codes, which cannot be shown again
     */
    List<String> enrol(String key, String code);

    /** Gives the signed-in user new recovery codes; the old ones end. */
    List<String> renewCodes(String code);

    /** Removes the signed-in user's own, unless a role demands it. */
    void remove(String code);

    /** The ids of the users who have one, or a passkey. Needs {@code users:read}. */
    Set<Long> owners();

    /** Removes somebody's, with the recovery codes and passkeys. Needs {@code users:write}. */
    void reset(long userId);

    /**
     * The signed-in user's second factor.
     *
     * @param since null when there is none
     * @param codesLeft recovery codes that were not used yet
     * @param demanded whether a role demands one
     */
    record Own(@Nullable Instant since, int codesLeft, boolean demanded) {

        public boolean isOn() {
            return since != null;
        }
    }

    /**
     * A key that an app may take.
     *
     * @param typed in Base32
     * @param address for a QR code
     */
    record Proposal(String typed, String address) implements Serializable {}
}

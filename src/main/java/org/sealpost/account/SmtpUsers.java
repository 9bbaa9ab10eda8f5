package org.sealpost.account;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The accounts programs sign in with to submit mail. Reading and writing need an administrator. */
public interface SmtpUsers {

    /** All accounts, ordered by name. */
    List<SmtpUser> list();

    Optional<SmtpUser> find(String username);

    SmtpUser create(SmtpUserDraft draft);

    /**
     * Changes an account; a password or senders that are not given stay as they are.
     *
     * @param expectedVersion the version the change is based on, or null to overwrite any
     */
    SmtpUser update(String username, SmtpUserDraft draft, @Nullable Long expectedVersion);

    void delete(String username, @Nullable Long expectedVersion);

    /**
     * An account; its password is never shown.
     *
     * @param senders envelope senders it may use: {@code a@example.com}, {@code @example.com} or
     *     {@code .example.com} for sub-domains; empty allows any
     */
    record SmtpUser(String username, List<String> senders, long version) {}

    /** An account as an administrator writes it. */
    record SmtpUserDraft(
            @Nullable String username,
            @Nullable String password,
            @Nullable List<@Nullable String> senders) {

        /** Without the password, so that no log can show it. */
        @Override
        public String toString() {
            return "SmtpUserDraft[" + username + ", " + senders + "]";
        }
    }
}

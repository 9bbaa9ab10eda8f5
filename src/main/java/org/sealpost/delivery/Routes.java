package org.sealpost.delivery;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;

/**
 * The routing table, by the recipient's domain: exact, then the longest {@code .parent}, then
 * {@code *}, then MX. Among routes for one pattern the sender's address wins, then the sender's
 * domain, then the route of all senders.
 */
public interface Routes {

    /** Where mail for this recipient goes from senders without routes of their own; from memory. */
    NextHop nextHopFor(MailAddress recipient);

    /** All routes, ordered by pattern and sender. */
    List<Route> list();

    Optional<Route> find(long id);

    Route create(RouteDraft draft);

    /** Replaces a route; changing next hop or user name without a password clears the password. */
    Route update(long id, RouteDraft draft, @Nullable Long expectedVersion);

    void delete(long id, @Nullable Long expectedVersion);

    /**
     * A route.
     *
     * @param sender whose mail it is for: an address, a domain or {@code <>}; null for everybody's
     * @param protocol {@code smtp} or {@code lmtp}
     * @param hasPassword whether one is stored; it is never shown
     * @param auth {@code plain}, {@code login} or {@code xoauth2}; null for plain or login as
     *     offered
     * @param sourceAddresses addresses of this machine to connect from; empty for the usual ones
     */
    record Route(
            long id,
            String pattern,
            @Nullable String sender,
            String nextHop,
            String protocol,
            @Nullable String username,
            boolean hasPassword,
            @Nullable String auth,
            List<String> sourceAddresses,
            long version) {}

    /**
     * A route as an administrator writes it; the fields of {@link Route}, all but pattern and next
     * hop optional.
     */
    record RouteDraft(
            @Nullable String pattern,
            @Nullable String sender,
            @Nullable String nextHop,
            @Nullable String protocol,
            @Nullable String username,
            @Nullable String password,
            @Nullable String auth,
            @Nullable List<String> sourceAddresses) {

        /** A route of all senders by SMTP. */
        public RouteDraft(
                @Nullable String pattern,
                @Nullable String nextHop,
                @Nullable String username,
                @Nullable String password) {
            this(pattern, null, nextHop, null, username, password, null, null);
        }

        /** Without the password, so that no log can show it. */
        @Override
        public String toString() {
            return "RouteDraft[" + pattern + ", " + nextHop + "]";
        }
    }
}

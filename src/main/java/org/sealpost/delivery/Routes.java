package org.sealpost.delivery;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;

/** The routing table: exact domain, then the longest {@code .parent}, then {@code *}, then MX. */
public interface Routes {

    /** Where mail for this recipient goes; from memory. */
    NextHop nextHopFor(MailAddress recipient);

    /** All routes, ordered by pattern. */
    List<Route> list();

    Optional<Route> find(long id);

    Route create(RouteDraft draft);

    /** Replaces a route; changing next hop or user name without a password clears the password. */
    Route update(long id, RouteDraft draft, @Nullable Long expectedVersion);

    void delete(long id, @Nullable Long expectedVersion);

    /**
     * A route.
     *
     * @param hasPassword whether one is stored; it is never shown
     */
    record Route(
            long id,
            String pattern,
            String nextHop,
            @Nullable String username,
            boolean hasPassword,
            long version) {}

    /** A route as an administrator writes it. */
    record RouteDraft(
            @Nullable String pattern,
            @Nullable String nextHop,
            @Nullable String username,
            @Nullable String password) {}
}

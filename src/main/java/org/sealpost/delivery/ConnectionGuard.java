package org.sealpost.delivery;

import java.util.Set;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotAllowed;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Decides where a person may have this relay connect to, so that nobody explores the network behind
 * it: every address is asked about right before it is connected to, and nothing else is.
 */
final class ConnectionGuard {

    private static final Set<Integer> MAIL_PORTS = Set.of(25, 465, 587, 2525);

    /** Held by the role administrator alone. */
    private static final String ADMINISTRATION = "settings:write";

    private final Routes routes;

    ConnectionGuard(Routes routes) {
        this.routes = routes;
    }

    /**
     * What the caller of this thread may do.
     *
     * @throws NotAllowed when the port alone forbids it
     */
    ConnectionPermit permit(NextHop nextHop) {
        return permit(nextHop, isAdministrator());
    }

    /** What somebody may do who is not the caller. */
    ConnectionPermit permit(NextHop nextHop, boolean administrator) {
        if (!administrator && !MAIL_PORTS.contains(nextHop.portNumber())) {
            throw new NotAllowed(
                    "Port " + nextHop.portNumber() + " is none that mail servers use.",
                    "Use port 25, 465, 587 or 2525, or ask an administrator.");
        }
        return new ConnectionPermit(nextHop, administrator || isRouted(nextHop));
    }

    private boolean isRouted(NextHop nextHop) {
        return routes.list().stream().anyMatch(route -> route.nextHop().equals(nextHop.text()));
    }

    static boolean isAdministrator() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller != null
                && caller.getAuthorities().stream()
                        .anyMatch(one -> ADMINISTRATION.equals(one.getAuthority()));
    }
}

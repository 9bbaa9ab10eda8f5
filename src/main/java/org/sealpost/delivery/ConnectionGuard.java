package org.sealpost.delivery;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.delivery.Targets.Target;
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
     * How far one caller's connection to one next hop may go; it outlives the request that asked.
     *
     * @param anywhere whether internal addresses, too
     */
    record Permit(NextHop nextHop, boolean anywhere) {

        boolean allows(InetAddress address) {
            return anywhere || InternalAddresses.whatIs(address).isEmpty();
        }

        /** Refuses what the caller named himself: an address, or a host in brackets. */
        void require(Found found) {
            if (nextHop.bracketed() && found instanceof Found.Servers(List<Target> servers)) {
                servers.stream()
                        .filter(server -> !allows(server.address()))
                        .findFirst()
                        .ifPresent(server -> {
                            throw refused(server.address());
                        });
            }
        }

        NotAllowed refused(InetAddress address) {
            return new NotAllowed(
                    "The next hop "
                            + nextHop
                            + " leads to "
                            + address.getHostAddress()
                            + ", which is "
                            + InternalAddresses.whatIs(address).orElse("not allowed")
                            + ".",
                    "An administrator may connect there, and so may you once a route has this next"
                            + " hop.");
        }
    }

    /**
     * What the caller of this thread may do.
     *
     * @throws NotAllowed when the port alone forbids it
     */
    Permit permit(NextHop nextHop) {
        boolean administrator = isAdministrator();
        if (!administrator && !MAIL_PORTS.contains(nextHop.portNumber())) {
            throw new NotAllowed(
                    "Port " + nextHop.portNumber() + " is none that mail servers use.",
                    "Use port 25, 465, 587 or 2525, or ask an administrator.");
        }
        return new Permit(nextHop, administrator || isRouted(nextHop));
    }

    private boolean isRouted(NextHop nextHop) {
        return routes.list().stream().anyMatch(route -> route.nextHop().equals(nextHop.text()));
    }

    private static boolean isAdministrator() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller != null
                && caller.getAuthorities().stream()
                        .anyMatch(one -> ADMINISTRATION.equals(one.getAuthority()));
    }
}

package org.sealpost.delivery;

import java.net.InetAddress;
import java.util.List;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotAllowed;

/**
 * How far one caller's connection to one next hop may go; it outlives the request that asked.
 *
 * @param anywhere whether internal addresses, too
 */
public record ConnectionPermit(NextHop nextHop, boolean anywhere) {

    /** Asked of each address right before it is connected to. */
    public boolean allows(InetAddress address) {
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

    public NotAllowed refused(InetAddress address) {
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

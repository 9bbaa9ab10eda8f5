package org.sealpost.smtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Where this relay takes mail, so that it never sends any there. */
@Component
public class BoundListeners {

    private static final Duration KEPT = Duration.ofSeconds(10);

    private volatile List<InetSocketAddress> places = List.of();
    private volatile Known known = new Known(Set.of(), System.nanoTime() - KEPT.toNanos());

    private record Known(Set<InetAddress> addresses, long at) {}

    BoundListeners() {}

    /** Replaces what was known; a place with the unspecified address stands for all addresses. */
    void are(List<InetSocketAddress> bound) {
        places = List.copyOf(bound);
    }

    /** Whether a connection to this address and port would reach a listener of this relay. */
    public boolean contains(InetAddress address, int port) {
        return places.stream()
                .filter(place -> place.getPort() == port)
                .anyMatch(place ->
                        place.getAddress().isAnyLocalAddress()
                                ? isOfThisMachine(address)
                                : place.getAddress().equals(address));
    }

    private boolean isOfThisMachine(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || addresses().contains(address);
    }

    private Set<InetAddress> addresses() {
        Known now = known;
        if (System.nanoTime() - now.at >= KEPT.toNanos()) {
            now = new Known(readAddresses(now.addresses), System.nanoTime());
            known = now;
        }
        return now.addresses;
    }

    private static Set<InetAddress> readAddresses(Set<InetAddress> before) {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(BoundListeners::withoutScope)
                    .collect(Collectors.toSet());
        } catch (SocketException unreadable) {
            return before; // the machine's addresses seldom change
        }
    }

    /** An address equals one with a scope only when both have it, and DNS knows none. */
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the octets of an address are an address", e);
        }
    }
}

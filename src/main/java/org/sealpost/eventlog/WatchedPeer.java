package org.sealpost.eventlog;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.Cidr;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.NextHop;

/** Whom a watch means. */
sealed interface WatchedPeer {

    boolean is(InetAddress client);

    /** Whether it means the server of this next hop, host and address. */
    boolean is(List<String> names);

    /** Reads one; empty when it is nothing of the kind. */
    static Optional<WatchedPeer> parse(String direction, String text) {
        Optional<WatchedPeer> network = Cidr.parse(text).map(Network::new);
        return direction.equals("inbound") || network.isPresent()
                ? network
                : NextHop.parse(text)
                        .<WatchedPeer>map(hop -> new Named(hop.text()))
                        .or(() -> parent(text));
    }

    private static Optional<WatchedPeer> parent(String text) {
        return text.startsWith(".")
                ? DomainName.parse(text.substring(1)).map(name -> new Named(name.text()))
                : Optional.empty();
    }

    /** An address or a network. */
    record Network(Cidr network) implements WatchedPeer {
        @Override
        public boolean is(InetAddress client) {
            return network.contains(client);
        }

        @Override
        public boolean is(List<String> names) {
            return names.stream()
                    .flatMap(name -> AddressLiteral.parse(name).stream())
                    .anyMatch(network::contains);
        }
    }

    /** A next hop, or a name with all below it. */
    record Named(String name) implements WatchedPeer {
        @Override
        public boolean is(InetAddress client) {
            return false;
        }

        @Override
        public boolean is(List<String> names) {
            return names.stream()
                    .map(one -> one.toLowerCase(Locale.ROOT))
                    .anyMatch(one -> one.equals(name) || one.endsWith("." + name));
        }
    }
}

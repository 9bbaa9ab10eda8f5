package org.sealpost.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sealpost.mail.Cidr;

/** Addresses that are no server of the public Internet (the IANA special-purpose registries). */
final class InternalAddresses {

    private static final Map<Cidr, String> KINDS = new LinkedHashMap<>();

    static {
        add("a loopback address", "127.0.0.0/8", "::1");
        add("a private address", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fec0::/10");
        add("a link-local address", "169.254.0.0/16", "fe80::/10");
        add("a unique local address", "fc00::/7");
        add("an address shared by carriers (CGNAT)", "100.64.0.0/10");
        add("a multicast address", "224.0.0.0/4", "ff00::/8");
        add("an unspecified address", "0.0.0.0/8", "::");
        add("a reserved address", "240.0.0.0/4");
        // RFC 8215: what stands behind a local NAT64 prefix is up to the network's owner.
        add("a local NAT64 address", "64:ff9b:1::/48");
    }

    /** IPv6 forms of an IPv4 address, by the octet at which it begins. */
    private static final Map<Cidr, Integer> EMBEDDED =
            Map.of(
                    cidr("::/96"), 12, // IPv4-compatible
                    cidr("::ffff:0:0:0/96"), 12, // IPv4-translated, RFC 2765
                    cidr("64:ff9b::/96"), 12, // NAT64, RFC 6052
                    cidr("2002::/16"), 2); // 6to4, RFC 3056

    private InternalAddresses() {}

    /** What kind of internal address it is, in words; empty for one of the Internet. */
    static Optional<String> whatIs(InetAddress address) {
        return KINDS.entrySet().stream()
                .filter(kind -> kind.getKey().contains(address))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(() -> embedded(address).flatMap(InternalAddresses::whatIs));
    }

    private static Optional<InetAddress> embedded(InetAddress address) {
        return EMBEDDED.entrySet().stream()
                .filter(form -> form.getKey().contains(address))
                .map(form -> ipv4(address.getAddress(), form.getValue()))
                .findFirst();
    }

    private static InetAddress ipv4(byte[] octets, int from) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {
                        octets[from], octets[from + 1], octets[from + 2], octets[from + 3]
                    });
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }

    private static void add(String kind, String... networks) {
        for (String network : networks) {
            KINDS.put(cidr(network), kind);
        }
    }

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow(() -> new IllegalStateException(text));
    }
}

package org.sealpost.settings;

import java.util.List;
import org.sealpost.mail.Cidr;

/**
 * Networks that hold so much of the public Internet that whoever may do something from there is
 * anybody: all of it, or a public range wider than /16 (for IPv6, than /32: a provider's).
 */
public final class WideNetwork {

    private static final int WIDEST = 16;
    private static final int WIDEST_OF_IPV6 = 32;
    private static final List<Cidr> PRIVATE =
            List.of(
                            "10.0.0.0/8",
                            "127.0.0.0/8",
                            "172.16.0.0/12",
                            "100.64.0.0/10",
                            "fc00::/7",
                            "fe80::/10")
                    .stream()
                    .flatMap(network -> Cidr.parse(network).stream())
                    .toList();

    private WideNetwork() {}

    /** Whether this is one; what is no network is none. */
    public static boolean is(String network) {
        return Cidr.parse(network).filter(WideNetwork::isWide).isPresent();
    }

    private static boolean isWide(Cidr cidr) {
        int widest = cidr.network().getAddress().length == 4 ? WIDEST : WIDEST_OF_IPV6;
        return cidr.prefix() < widest
                && PRIVATE.stream()
                        .noneMatch(range ->
                                range.prefix() <= cidr.prefix() && range.contains(cidr.network()));
    }
}

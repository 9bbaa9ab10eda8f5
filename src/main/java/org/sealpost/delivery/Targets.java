package org.sealpost.delivery;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.sealpost.delivery.MailDns.AddressAnswer;
import org.sealpost.delivery.MailDns.Mx;
import org.sealpost.delivery.MailDns.MxAnswer;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.NextHop;
import org.sealpost.tls.TlsPeer;

/**
 * Finds the servers of a next hop (RFC 5321 §5.1): its MX hosts by preference, in random order
 * among equals, or the host itself when it is in brackets or has no MX.
 */
public final class Targets {

    private final MailDns dns;
    private final Random random;

    Targets(MailDns dns, Random random) {
        this.dns = dns;
        this.random = random;
    }

    /** Where to connect, or why nowhere. */
    public sealed interface Found {
        /** Servers in the order they are tried; at least one. */
        record Servers(List<Target> targets) implements Found {}

        /**
         * No server.
         *
         * @param permanent whether trying later is useless
         * @param code the enhanced status code
         */
        record Nowhere(boolean permanent, String code, String text) implements Found {}
    }

    /**
     * A server's address.
     *
     * @param host the MX name, or the next hop's host
     */
    public record Target(String host, InetAddress address, int port) {

        /** The server as logs and verdicts name it. */
        TlsPeer peer() {
            return new TlsPeer(host, address.getHostAddress(), port);
        }
    }

    /** The servers host by host, each with its addresses. */
    static List<List<Target>> byHost(List<Target> servers) {
        var hosts = new ArrayList<List<Target>>();
        for (Target server : servers) {
            if (hosts.isEmpty() || !hosts.getLast().getFirst().host().equals(server.host())) {
                hosts.add(new ArrayList<>());
            }
            hosts.getLast().add(server);
        }
        return hosts;
    }

    /**
     * Looks the servers up.
     *
     * @param ourselves this relay's name: it and less preferred hosts are left out, or mail would
     *     come back
     */
    Found find(NextHop nextHop, String ourselves) {
        var literal = AddressLiteral.parse(nextHop.host());
        if (literal.isPresent()) {
            return new Found.Servers(
                    List.of(new Target(nextHop.host(), literal.get(), nextHop.portNumber())));
        }
        var host = new DomainName(nextHop.host());
        if (nextHop.bracketed()) {
            return addresses(List.of(host), nextHop);
        }
        return switch (dns.mx(host)) {
            case MxAnswer.Hosts(List<Mx> none) when none.isEmpty() ->
                    addresses(List.of(host), nextHop);
            case MxAnswer.Hosts(List<Mx> hosts) -> byPreference(hosts, nextHop, ourselves);
            case MxAnswer.NullMx() ->
                    new Found.Nowhere(
                            true, "5.1.10", "Domain " + host + " does not accept mail (nullMX)");
            case MxAnswer.NoSuchDomain() ->
                    new Found.Nowhere(true, "5.4.4", "Host or domain name not found: " + host);
            case MxAnswer.NoUsableHost() ->
                    new Found.Nowhere(true, "5.4.4", "The MX records of " + host + " name no host");
            case MxAnswer.Unavailable(String reason) ->
                    new Found.Nowhere(
                            false,
                            "4.4.3",
                            "Host or domain name look-up failed for " + host + ": " + reason);
        };
    }

    private Found byPreference(List<Mx> hosts, NextHop nextHop, String ourselves) {
        var shuffled = new ArrayList<>(hosts);
        Collections.shuffle(shuffled, random);
        shuffled.sort(Comparator.comparingInt(Mx::preference));
        int ours =
                shuffled.stream()
                        .filter(mx -> mx.host().text().equals(ourselves))
                        .mapToInt(Mx::preference)
                        .min()
                        .orElse(Integer.MAX_VALUE);
        List<DomainName> usable =
                shuffled.stream().filter(mx -> mx.preference() < ours).map(Mx::host).toList();
        return usable.isEmpty() ? loop(nextHop) : addresses(usable, nextHop);
    }

    private static Found loop(NextHop nextHop) {
        return new Found.Nowhere(
                true, "5.4.6", "mail for " + nextHop.host() + " loops back to myself");
    }

    /**
     * Whether this address is no server of others: a stranger's DNS must not lead mail to the
     * loopback port 25, where it would come back. In brackets an administrator may name it.
     */
    private static boolean isOurselves(InetAddress address, NextHop nextHop) {
        return !nextHop.bracketed()
                && nextHop.portNumber() == 25
                && (address.isLoopbackAddress() || address.isAnyLocalAddress());
    }

    private Found addresses(List<DomainName> hosts, NextHop nextHop) {
        var targets = new ArrayList<Target>();
        String failure = null;
        boolean loop = false;
        for (DomainName host : hosts) {
            switch (dns.addresses(host)) {
                case AddressAnswer.Addresses(List<InetAddress> found) -> {
                    for (InetAddress address : found) {
                        if (isOurselves(address, nextHop)) {
                            loop = true;
                        } else {
                            targets.add(new Target(host.text(), address, nextHop.portNumber()));
                        }
                    }
                }
                case AddressAnswer.None() -> {
                    // the next MX host may have one
                }
                case AddressAnswer.Unavailable(String reason) -> failure = reason;
            }
        }
        if (!targets.isEmpty()) {
            return new Found.Servers(List.copyOf(targets));
        }
        if (loop && failure == null) {
            return loop(nextHop);
        }
        String names = String.join(", ", hosts.stream().map(DomainName::text).toList());
        return failure == null
                ? new Found.Nowhere(true, "5.4.4", "Host or domain name not found: " + names)
                : new Found.Nowhere(
                        false,
                        "4.4.3",
                        "Host or domain name look-up failed for " + names + ": " + failure);
    }
}

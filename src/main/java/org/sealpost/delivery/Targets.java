package org.sealpost.delivery;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
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
    private final Ourselves ourselves;

    Targets(MailDns dns, Random random, Ourselves ourselves) {
        this.dns = dns;
        this.random = random;
        this.ourselves = ourselves;
    }

    /** Knows this relay's own listeners. */
    @FunctionalInterface
    interface Ourselves {
        boolean listenAt(InetAddress address, int port);
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
     * @param ourName this relay's name: it and less preferred hosts are left out, or mail would
     *     come back
     */
    Found find(NextHop nextHop, String ourName) {
        var literal = AddressLiteral.parse(nextHop.host());
        if (literal.isPresent()) {
            InetAddress address = literal.get();
            return ourselves.listenAt(address, nextHop.portNumber())
                    ? loop(nextHop)
                    : new Found.Servers(
                            List.of(new Target(nextHop.host(), address, nextHop.portNumber())));
        }
        var host = new DomainName(nextHop.host());
        if (nextHop.bracketed()) {
            return servers(List.of(resolve(0, host, nextHop)), nextHop);
        }
        return switch (dns.mx(host)) {
            case MxAnswer.Hosts(List<Mx> none) when none.isEmpty() ->
                    servers(List.of(resolve(0, host, nextHop)), nextHop);
            case MxAnswer.Hosts(List<Mx> hosts) -> byPreference(hosts, nextHop, ourName);
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

    /**
     * A host with its addresses.
     *
     * @param failure why they may be incomplete; null when they are not
     * @param ours whether it is this relay
     */
    private record Resolved(
            int preference,
            DomainName host,
            List<InetAddress> addresses,
            @Nullable String failure,
            boolean ours) {}

    private Found byPreference(List<Mx> hosts, NextHop nextHop, String ourName) {
        var shuffled = new ArrayList<>(hosts);
        Collections.shuffle(shuffled, random);
        shuffled.sort(Comparator.comparingInt(Mx::preference));
        return servers(
                shuffled.stream()
                        .map(mx ->
                                mx.host().text().equals(ourName)
                                        ? new Resolved(
                                                mx.preference(), mx.host(), List.of(), null, true)
                                        : resolve(mx.preference(), mx.host(), nextHop))
                        .toList(),
                nextHop);
    }

    private Resolved resolve(int preference, DomainName host, NextHop nextHop) {
        return switch (dns.addresses(host)) {
            case AddressAnswer.Addresses(List<InetAddress> found) ->
                    new Resolved(
                            preference,
                            host,
                            found,
                            null,
                            found.stream()
                                    .anyMatch(
                                            one -> ourselves.listenAt(one, nextHop.portNumber())));
            case AddressAnswer.None() -> new Resolved(preference, host, List.of(), null, false);
            case AddressAnswer.Unavailable(String reason) ->
                    new Resolved(preference, host, List.of(), reason, false);
        };
    }

    /** RFC 5321 §5.1: hosts no better than ourselves are left out, or mail would come back. */
    private static Found servers(List<Resolved> hosts, NextHop nextHop) {
        int ours =
                hosts.stream()
                        .filter(Resolved::ours)
                        .mapToInt(Resolved::preference)
                        .min()
                        .orElse(Integer.MAX_VALUE);
        boolean loop = ours < Integer.MAX_VALUE;
        var targets = new ArrayList<Target>();
        var tried = new ArrayList<String>();
        String failure = null;
        for (Resolved host : hosts) {
            if (host.preference() >= ours) {
                continue;
            }
            tried.add(host.host().text());
            failure = host.failure() == null ? failure : host.failure();
            for (InetAddress address : host.addresses()) {
                if (isOurLoopback(address, nextHop)) {
                    loop = true;
                } else {
                    targets.add(new Target(host.host().text(), address, nextHop.portNumber()));
                }
            }
        }
        if (!targets.isEmpty()) {
            return new Found.Servers(List.copyOf(targets));
        }
        String names = String.join(", ", tried);
        if (failure != null) {
            return new Found.Nowhere(
                    false,
                    "4.4.3",
                    "Host or domain name look-up failed for " + names + ": " + failure);
        }
        return loop
                ? loop(nextHop)
                : new Found.Nowhere(true, "5.4.4", "Host or domain name not found: " + names);
    }

    /**
     * What an administrator named in brackets can be named otherwise, so the mail waits for that;
     * what DNS says is final.
     */
    private static Found loop(NextHop nextHop) {
        return nextHop.bracketed()
                ? new Found.Nowhere(
                        false,
                        "4.4.6",
                        "mail for "
                                + nextHop
                                + " loops back to myself: a listener of this relay is there")
                : new Found.Nowhere(
                        true, "5.4.6", "mail for " + nextHop.host() + " loops back to myself");
    }

    /**
     * Whether this address is no server of others: a stranger's DNS must not lead mail to the
     * loopback port 25, where it would come back. In brackets an administrator may name it.
     */
    private static boolean isOurLoopback(InetAddress address, NextHop nextHop) {
        return !nextHop.bracketed()
                && nextHop.portNumber() == 25
                && (address.isLoopbackAddress() || address.isAnyLocalAddress());
    }
}

package org.sealpost.delivery;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.InvalidInput.Problem;

/** Addresses of this machine that mail is sent from, as an administrator writes them. */
final class SourceAddresses {

    private static final String REMEDY =
            "Give an address of this machine, at most one for IPv4 and one for IPv6.";

    private SourceAddresses() {}

    /** Reads stored addresses. */
    static List<InetAddress> read(List<String> written) {
        return written.stream().map(one -> AddressLiteral.parse(one).orElseThrow()).toList();
    }

    /** What is wrong with them. */
    static List<Problem> problems(String field, List<? extends @Nullable String> written) {
        var problems = new ArrayList<Problem>();
        int ipv4 = 0;
        int ipv6 = 0;
        for (String one : written) {
            Optional<InetAddress> address =
                    one == null ? Optional.empty() : AddressLiteral.parse(one);
            if (address.isEmpty()) {
                problems.add(new Problem(field, "“" + one + "” is not an IP address.", REMEDY));
                continue;
            }
            if (address.get() instanceof Inet4Address) {
                ipv4++;
            } else {
                ipv6++;
            }
            if (!isOurs(address.get())) {
                problems.add(
                        new Problem(field, one + " is not an address of this machine.", REMEDY));
            }
        }
        if (ipv4 > 1 || ipv6 > 1) {
            problems.add(new Problem(field, "There are two addresses of the same family.", REMEDY));
        }
        return problems;
    }

    /** Asks the system, which knows also of addresses that no interface lists. */
    private static boolean isOurs(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException notOurs) {
            return false;
        }
    }
}

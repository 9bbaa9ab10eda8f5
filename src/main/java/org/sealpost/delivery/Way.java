package org.sealpost.delivery;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the servers of a next hop are spoken to.
 *
 * @param credentials null when nobody signs in
 * @param sources addresses of this machine to connect from, at most one of each family; for a
 *     family without one the system chooses
 */
record Way(Protocol protocol, @Nullable Credentials credentials, List<InetAddress> sources) {

    Way {
        sources = List.copyOf(sources);
    }

    static Way smtp(@Nullable Credentials credentials) {
        return new Way(Protocol.SMTP, credentials, List.of());
    }

    /** Whoever signs in with what; the password never reaches a log. */
    record Credentials(String username, String password, @Nullable Mechanism mechanism) {
        @Override
        public String toString() {
            return "Credentials[" + username + "]";
        }
    }

    /** What is spoken. */
    enum Protocol {
        SMTP,
        /** RFC 2033: one final reply for each recipient. */
        LMTP;

        static Optional<Protocol> parse(String word) {
            return Arrays.stream(values()).filter(one -> one.word().equals(word)).findAny();
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How user name and password are sent; null elsewhere means what the server offers. */
    enum Mechanism {
        PLAIN,
        LOGIN,
        /** The password is an access token. */
        XOAUTH2;

        static Optional<Mechanism> parse(String word) {
            return Arrays.stream(values()).filter(one -> one.word().equals(word)).findAny();
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** This way, from these addresses where it names none. */
    Way fromOr(List<InetAddress> usual) {
        return sources.isEmpty() ? new Way(protocol, credentials, usual) : this;
    }

    /** The address to connect from to this one; empty when the system chooses. */
    Optional<InetAddress> sourceFor(InetAddress target) {
        boolean ipv4 = target instanceof Inet4Address;
        return sources.stream().filter(one -> one instanceof Inet4Address == ipv4).findFirst();
    }
}

package org.sealpost.mail;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network in CIDR form (RFC 4632, RFC 4291 §2.3), e.g. {@code 192.0.2.0/24}.
 *
 * @param network its first address
 * @param prefix 0 to 32 or 128 bits
 */
public record Cidr(InetAddress network, int prefix) {

    /** Reads a network; a plain address is a network of one; empty when bits follow the prefix. */
    public static Optional<Cidr> parse(String text) {
        String[] parts = text.strip().split("/", 2);
        return AddressLiteral.parse(parts[0])
                .flatMap(address -> parse(address, parts.length == 1 ? null : parts[1]));
    }

    private static Optional<Cidr> parse(InetAddress address, @Nullable String written) {
        int bits = address.getAddress().length * 8;
        if (written == null) {
            return Optional.of(new Cidr(address, bits));
        }
        if (!written.matches("\\d{1,3}") || Integer.parseInt(written) > bits) {
            return Optional.empty();
        }
        var cidr = new Cidr(address, Integer.parseInt(written));
        for (int bit = cidr.prefix; bit < bits; bit++) {
            if (bitOf(address.getAddress(), bit)) {
                return Optional.empty();
            }
        }
        return Optional.of(cidr);
    }

    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (bitOf(mine, bit) != bitOf(theirs, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean bitOf(byte[] address, int bit) {
        return (address[bit / 8] & (0x80 >> (bit % 8))) != 0;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}

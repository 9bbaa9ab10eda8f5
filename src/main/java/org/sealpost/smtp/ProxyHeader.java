package org.sealpost.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.sealpost.mail.AddressLiteral;

/**
 * The header a proxy sends before everything else, TLS included, to tell whose connection it passes
 * on (HAProxy's PROXY protocol, versions 1 and 2). Exactly the header is read.
 */
final class ProxyHeader {

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int LONGEST_V1 = 107;
    private static final int LONGEST_V2 = 4096;

    private ProxyHeader() {}

    /** Who is at the other end, by what the header tells. */
    sealed interface Origin {

        /** The client whose connection is passed on. */
        record Client(InetSocketAddress address) implements Origin {}

        /** The proxy itself, which looks whether we are well. */
        record Proxy() implements Origin {}

        /** Somebody whom the proxy cannot name. */
        record Unknown() implements Origin {}
    }

    /**
     * Reads the header.
     *
     * @throws ProtocolException when it is none
     */
    static Origin read(InputStream wire) throws IOException {
        int first = wire.read();
        return switch (first) {
            case 'P' -> version1(wire);
            case 13 -> version2(wire);
            case -1 -> throw new EOFException("no PROXY header");
            default -> throw new ProtocolException("no PROXY header");
        };
    }

    private static Origin version1(InputStream wire) throws IOException {
        var line = new StringBuilder("P");
        while (line.length() < LONGEST_V1 && line.charAt(line.length() - 1) != '\n') {
            int octet = wire.read();
            if (octet < 0) {
                throw new EOFException("the PROXY header breaks off");
            }
            line.append((char) octet);
        }
        String text = line.toString();
        if (text.matches("PROXY UNKNOWN( [^\r\n]*)?\r\n")) {
            return new Origin.Unknown(); // whatever else the line says is not to be looked at
        }
        String[] words = text.split(" ", -1);
        boolean wellFormed =
                words.length == 6
                        && words[0].equals("PROXY")
                        && words[1].matches("TCP[46]")
                        && words[5].endsWith("\r\n");
        if (!wellFormed) {
            throw new ProtocolException("a malformed PROXY header");
        }
        int octets = words[1].equals("TCP4") ? 4 : 16;
        InetAddress client =
                AddressLiteral.parse(words[2])
                        .filter(address -> address.getAddress().length == octets)
                        .orElseThrow(() -> new ProtocolException("no address in the PROXY header"));
        if (!words[4].matches("\\d{1,5}") || Integer.parseInt(words[4]) > 65535) {
            throw new ProtocolException("no port in the PROXY header");
        }
        return new Origin.Client(new InetSocketAddress(client, Integer.parseInt(words[4])));
    }

    private static Origin version2(InputStream wire) throws IOException {
        byte[] head = new byte[16];
        head[0] = 13;
        read(wire, head, 1);
        int length = ((head[14] & 0xff) << 8) | (head[15] & 0xff);
        boolean wellFormed =
                Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)
                        && (head[12] & 0xf0) == 0x20
                        && length <= LONGEST_V2;
        if (!wellFormed) {
            throw new ProtocolException("a malformed PROXY header");
        }
        byte[] rest = new byte[length];
        read(wire, rest, 0);
        return switch (head[12] & 0x0f) {
            case 0 -> new Origin.Proxy(); // whatever family it names
            case 1 -> head[13] == 0 ? new Origin.Unknown() : client(head[13], rest);
            default -> throw new ProtocolException("an unknown command in the PROXY header");
        };
    }

    /** Source and destination address, source and destination port, then what we do not need. */
    private static Origin client(byte family, byte[] rest) throws IOException {
        int octets =
                switch (family) {
                    case 0x11 -> 4;
                    case 0x21 -> 16;
                    default -> throw new ProtocolException("no TCP client in the PROXY header");
                };
        if (rest.length < 2 * octets + 4) {
            throw new ProtocolException("the PROXY header is too short");
        }
        int port = ByteBuffer.wrap(rest).getShort(2 * octets) & 0xffff;
        return new Origin.Client(
                new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOf(rest, octets)), port));
    }

    private static void read(InputStream wire, byte[] into, int from) throws IOException {
        if (wire.readNBytes(into, from, into.length - from) < into.length - from) {
            throw new EOFException("the PROXY header breaks off");
        }
    }
}

package org.sealpost.selftest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first message of a TLS handshake, written by hand: Java's own TLS does not offer what it
 * bans, and whether a listener would take it can only be told by offering it.
 *
 * @param version the newest version that is offered, e.g. 0x0303
 * @param suites in the order of preference
 * @param groups in the order of preference
 * @param share whether TLS 1.3 gets a key right away, for the group x25519
 */
record ClientHello(
        int version, List<Integer> suites, List<Integer> groups, boolean share, String server) {

    static final int TLS10 = 0x0301;
    static final int TLS11 = 0x0302;
    static final int TLS12 = 0x0303;
    static final int TLS13 = 0x0304;
    static final int X25519 = 0x001d;

    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int LONGEST_RECORD = 18_432;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int[] SIGNATURES = {
        0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201
    };

    /** Part of a message that can fail only when memory does. */
    @FunctionalInterface
    private interface Part {
        void to(DataOutputStream out) throws IOException;
    }

    /** What a server chose. */
    record Choice(int version, int suite) {}

    byte[] octets() {
        byte[] body =
                part(out -> {
                    out.writeShort(Math.min(version, TLS12));
                    out.write(random(32));
                    byte[] session = version == TLS13 ? random(32) : new byte[0];
                    out.writeByte(session.length);
                    out.write(session);
                    out.writeShort(suites.size() * 2);
                    for (int suite : suites) {
                        out.writeShort(suite);
                    }
                    out.writeShort(0x0100); // one compression method: none
                    vector(out, extensions());
                });
        return part(out -> {
            out.writeByte(HANDSHAKE);
            out.writeShort(TLS10); // as every client does, for servers that know no more
            out.writeShort(body.length + 4);
            out.writeByte(1);
            out.writeByte(0);
            vector(out, body);
        });
    }

    private byte[] extensions() {
        return part(out -> {
            if (server.matches("[a-z0-9.-]*[a-z][a-z0-9.-]*")) {
                byte[] name = server.getBytes(StandardCharsets.US_ASCII);
                extension(
                        out,
                        0,
                        one -> {
                            one.writeShort(name.length + 3);
                            one.writeByte(0);
                            vector(one, name);
                        });
            }
            extension(
                    out,
                    10,
                    one -> {
                        one.writeShort(groups.size() * 2);
                        for (int group : groups) {
                            one.writeShort(group);
                        }
                    });
            extension(out, 11, one -> one.writeShort(0x0100));
            extension(out, 0xff01, one -> one.writeByte(0));
            extension(out, 23, one -> {});
            if (version >= TLS12) {
                extension(
                        out,
                        13,
                        one -> {
                            one.writeShort(SIGNATURES.length * 2);
                            for (int signature : SIGNATURES) {
                                one.writeShort(signature);
                            }
                        });
            }
            if (version == TLS13) {
                extension(
                        out,
                        SUPPORTED_VERSIONS,
                        one -> {
                            one.writeByte(2);
                            one.writeShort(TLS13);
                        });
                extension(out, 45, one -> one.writeShort(0x0101));
                extension(
                        out,
                        51,
                        one -> {
                            one.writeShort(share ? 36 : 0);
                            if (share) {
                                one.writeShort(X25519);
                                vector(one, random(32));
                            }
                        });
            }
        });
    }

    private static void extension(DataOutputStream out, int type, Part content) throws IOException {
        out.writeShort(type);
        vector(out, part(content));
    }

    private static void vector(DataOutputStream out, byte[] content) throws IOException {
        out.writeShort(content.length);
        out.write(content);
    }

    private static byte[] part(Part part) {
        var octets = new ByteArrayOutputStream();
        try {
            part.to(new DataOutputStream(octets));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing but memory was written to
        }
        return octets.toByteArray();
    }

    private static byte[] random(int length) {
        var octets = new byte[length];
        RANDOM.nextBytes(octets);
        return octets;
    }

    /**
     * Reads what a server answers.
     *
     * @return version and suite of its ServerHello, which a HelloRetryRequest also is; null when it
     *     refuses
     */
    static @Nullable Choice answer(InputStream from) throws IOException {
        var in = new DataInputStream(from);
        int type = in.read();
        if (type != HANDSHAKE) {
            return null; // an alert, or the end of the connection
        }
        in.readUnsignedShort();
        int length = in.readUnsignedShort();
        if (length > LONGEST_RECORD) {
            throw new IOException("the answer is no TLS record");
        }
        var record = new DataInputStream(new ByteArrayInputStream(in.readNBytes(length)));
        if (record.read() != SERVER_HELLO) {
            return null;
        }
        record.skipNBytes(3);
        int version = record.readUnsignedShort();
        record.skipNBytes(32);
        record.skipNBytes(record.readUnsignedByte());
        int suite = record.readUnsignedShort();
        record.skipNBytes(1);
        return new Choice(selected(record, version), suite);
    }

    /** TLS 1.3 hides its version in an extension. */
    private static int selected(DataInputStream record, int version) throws IOException {
        if (record.available() < 2) {
            return version;
        }
        record.readUnsignedShort();
        while (record.available() >= 4) {
            int extension = record.readUnsignedShort();
            byte[] content = record.readNBytes(record.readUnsignedShort());
            if (extension == SUPPORTED_VERSIONS && content.length == 2) {
                return ((content[0] & 0xff) << 8) | (content[1] & 0xff);
            }
        }
        return version;
    }
}

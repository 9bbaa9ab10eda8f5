package org.sealpost.demo;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A name server on a free UDP port of 127.0.0.1 that knows the partners only (RFC 1035): the MX
 * host of each domain, and for those hosts the address 127.0.0.1.
 */
final class PartnerNames implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartnerNames.class);
    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int TYPE_MX = 15;
    private static final int CLASS_IN = 1;
    private static final int SECONDS_TO_KEEP = 300;
    private static final int RESPONSE = 0x8400;
    private static final int NO_SUCH_DOMAIN = 3;

    /** A pointer to the name in the question (RFC 1035 §4.1.4). */
    private static final int NAME_ASKED = 0xC000 | HEADER;

    private final DatagramSocket socket;

    PartnerNames() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("demo-dns").start(this::answer);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void answer() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                var packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] reply = reply(ByteBuffer.wrap(buffer, 0, packet.getLength()));
                socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
            } catch (IOException | RuntimeException e) {
                if (!socket.isClosed()) {
                    LOG.warn("a question to the demo's name server has no answer", e);
                }
            }
        }
    }

    private static byte[] reply(ByteBuffer question) throws IOException {
        short id = question.getShort(0);
        question.position(HEADER);
        var name = new StringJoiner(".");
        for (int length = question.get(); length > 0; length = question.get()) {
            byte[] label = new byte[length];
            question.get(label);
            name.add(new String(label, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT));
        }
        short type = question.getShort();
        byte[] asked = new byte[question.position() + Short.BYTES - HEADER];
        question.get(HEADER, asked);

        boolean domain = isDomain(name.toString());
        boolean host = isDomain(name.toString().replaceFirst("^mx\\.", "")) && !domain;
        byte[] data =
                host && type == TYPE_A
                        ? new byte[] {127, 0, 0, 1}
                        : domain && type == TYPE_MX ? mailServer() : new byte[0];

        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(RESPONSE | (domain || host ? 0 : NO_SUCH_DOMAIN));
        out.writeShort(1);
        out.writeShort(data.length > 0 ? 1 : 0);
        out.writeInt(0);
        out.write(asked);
        if (data.length > 0) {
            out.writeShort(NAME_ASKED);
            out.writeShort(type);
            out.writeShort(CLASS_IN);
            out.writeInt(SECONDS_TO_KEEP);
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    /** Preference 10, the host {@code mx} below the domain that was asked for. */
    private static byte[] mailServer() {
        return new byte[] {0, 10, 2, 'm', 'x', (byte) (NAME_ASKED >> Byte.SIZE), (byte) NAME_ASKED};
    }

    private static boolean isDomain(String name) {
        return Arrays.stream(Partner.values()).anyMatch(partner -> partner.domain().equals(name));
    }

    @Override
    public void close() {
        socket.close();
    }
}

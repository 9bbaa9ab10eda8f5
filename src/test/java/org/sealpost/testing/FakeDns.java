package org.sealpost.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A name server on 127.0.0.1, over UDP and TCP. Names that no line mentions do not exist.
 *
 * <p>A line is {@code example.com MX 10 mx.example.com.}; instead of the data {@code SERVFAIL} or
 * {@code REFUSED} fails, {@code SILENT} never answers, and {@code TRUNCATED} makes the client ask
 * again over TCP. The type {@code *} stands for all types.
 */
public final class FakeDns implements AutoCloseable {

    private static final List<String> FAILURES = List.of("SERVFAIL", "REFUSED", "SILENT");

    private record Line(Name name, String type, String data) {
        boolean isAbout(Name asked, int askedType) {
            return name.equals(asked) && (type.equals("*") || Type.value(type, true) == askedType);
        }
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private volatile List<Line> zone = List.of();

    public FakeDns() throws IOException {
        var loopback = InetAddress.getLoopbackAddress();
        ServerSocket listener = new ServerSocket(0, 50, loopback);
        DatagramSocket datagrams = bound(listener, loopback);
        while (datagrams == null) {
            listener.close();
            listener = new ServerSocket(0, 50, loopback);
            datagrams = bound(listener, loopback);
        }
        tcp = listener;
        udp = datagrams;
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    /** The same port over UDP, or null when another program has it. */
    private static @Nullable DatagramSocket bound(ServerSocket listener, InetAddress loopback)
            throws IOException {
        try {
            return new DatagramSocket(listener.getLocalPort(), loopback);
        } catch (BindException taken) {
            return null;
        }
    }

    /** Forgets what it knew and knows these lines. */
    public void knows(String... lines) throws IOException {
        var known = new ArrayList<Line>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+", 3);
            known.add(
                    new Line(
                            Name.fromString(words[0] + "."),
                            words[1].toUpperCase(Locale.ROOT),
                            words[2]));
        }
        zone = List.copyOf(known);
    }

    /** Where it listens: {@code 127.0.0.1:5353}. */
    public String address() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    private void serveUdp() {
        var buffer = new byte[1500];
        while (!udp.isClosed()) {
            try {
                var packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                Message reply = reply(new Message(packet.getData()), false);
                if (reply != null) {
                    byte[] wire = reply.toWire(1232);
                    udp.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept();
                    var in = new DataInputStream(socket.getInputStream());
                    var out = new DataOutputStream(socket.getOutputStream())) {
                Message reply = reply(new Message(in.readNBytes(in.readUnsignedShort())), true);
                if (reply != null) {
                    byte[] wire = reply.toWire(65535);
                    out.writeShort(wire.length);
                    out.write(wire);
                    out.flush();
                }
            } catch (IOException closed) {
                // the server was closed, or the client went away
            }
        }
    }

    private @Nullable Message reply(Message query, boolean overTcp) throws IOException {
        Record question = query.getQuestion();
        var reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.addRecord(question, Section.QUESTION);
        List<String> data = data(question.getName(), question.getType());
        for (String failure : FAILURES) {
            if (data.contains(failure)) {
                reply.getHeader()
                        .setRcode(failure.equals("REFUSED") ? Rcode.REFUSED : Rcode.SERVFAIL);
                return failure.equals("SILENT") ? null : reply;
            }
        }
        if (data.contains("TRUNCATED") && !overTcp) {
            reply.getHeader().setFlag(Flags.TC);
            return reply;
        }
        if (zone.stream().noneMatch(line -> line.name().equals(question.getName()))) {
            reply.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        int type = data(question.getName(), Type.CNAME).isEmpty() ? question.getType() : Type.CNAME;
        for (String one : data(question.getName(), type)) {
            if (!one.equals("TRUNCATED")) {
                reply.addRecord(
                        Record.fromString(question.getName(), type, DClass.IN, 60, one, Name.root),
                        Section.ANSWER);
            }
        }
        return reply;
    }

    private List<String> data(Name name, int type) {
        return zone.stream().filter(line -> line.isAbout(name, type)).map(Line::data).toList();
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}

package org.sealpost.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.sealpost.tls.SocketFacade;
import org.subethamail.smtp.server.Session;

/**
 * What the session loop sees of a connection: streams that count, that keep the deadline, and that
 * go on through TLS once it is there; and our state.
 */
final class ClientSocket extends SocketFacade {

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int MOST_LINGERING = 256 * 1024;

    private final Socket wire;
    private final InboundState state;
    private final Deadline deadline;
    private final ClientInput input;
    private volatile Socket visible;
    private boolean greetingSent;

    /**
     * @param wire the connection below TLS
     * @param ending whether the listener is being stopped
     */
    ClientSocket(Socket wire, InboundState state, BooleanSupplier ending) {
        super(wire);
        this.wire = wire;
        this.visible = wire;
        this.state = state;
        int seconds = state.listener().limits().commandTimeoutSeconds();
        this.deadline = new Deadline(Duration.ofSeconds(seconds), System::nanoTime);
        this.input = new ClientInput(new Octets(), ending, deadline::restart);
    }

    static ClientSocket of(Session session) {
        return (ClientSocket) session.getSocket();
    }

    InboundState state() {
        return state;
    }

    ClientInput input() {
        return input;
    }

    Deadline deadline() {
        return deadline;
    }

    /** From here on everything goes through TLS. */
    void encrypt(SSLSocket tls) {
        visible = tls;
    }

    /** Our greeting is out; the library's own, with a name that may be old, is left out. */
    void greeted() {
        greetingSent = true;
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                if (greetingSent) {
                    greetingSent = false;
                    return;
                }
                deadline.beginOther();
                try {
                    visible.getOutputStream().write(buffer, offset, length);
                    state.sent(length);
                } finally {
                    deadline.endOther();
                }
            }
        };
    }

    /** What the client sends, within its time. */
    private final class Octets extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            visible.setSoTimeout(deadline.beginRead());
            int read = 0;
            try {
                read = visible.getInputStream().read(buffer, offset, length);
                state.received(Math.max(0, read));
                return read;
            } finally {
                deadline.endRead(Math.max(0, read));
            }
        }

        @Override
        public int available() throws IOException {
            return visible.getInputStream().available();
        }
    }

    /**
     * Reads away what the client still sends, for a moment: a connection closed over unread octets
     * is reset, and the client would lose our last reply.
     */
    void linger() {
        try {
            if (input.hasMore()) {
                visible.shutdownOutput();
                byte[] waste = new byte[4096];
                int rest = MOST_LINGERING;
                long end = System.nanoTime() + LINGER.toNanos(); // however it drips
                for (int read = 0; read >= 0 && rest > 0; rest -= read) {
                    long left = (end - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        return;
                    }
                    wire.setSoTimeout((int) left);
                    read = wire.getInputStream().read(waste);
                }
            }
        } catch (IOException gone) {
            // nobody reads the reply any more
        }
    }

    /** Ends a session that hangs. */
    void abortWhenOverdue() {
        if (deadline.isMissed()) {
            state.cutOff("timeout");
            abort();
        }
    }

    /** Closes the connection below TLS, which no blocked reader or writer can hold up. */
    void abort() {
        try {
            wire.close();
        } catch (IOException gone) {
            // that is what was wanted
        }
    }

    @Override
    public void close() throws IOException {
        deadline.beginOther(); // saying goodbye under TLS is a write, too
        try {
            visible.close();
        } finally {
            deadline.endOther();
        }
    }
}

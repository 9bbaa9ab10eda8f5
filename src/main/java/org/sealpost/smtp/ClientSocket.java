package org.sealpost.smtp;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;
import org.sealpost.tls.SocketFacade;
import org.subethamail.smtp.server.Session;

/** What the session loop sees of a connection: the streams with their counters, and our state. */
final class ClientSocket extends SocketFacade {

    private static final int LINGER_MILLIS = 1000;
    private static final int MOST_LINGERING = 256 * 1024;

    private final Socket wire;
    private final InboundState state;
    private final BooleanSupplier ending;
    private final ClientInput input;

    /**
     * @param visible where the session reads and writes: the connection itself, or TLS on it
     * @param wire the connection below TLS
     * @param ending whether the listener is being stopped
     */
    ClientSocket(Socket visible, Socket wire, InboundState state, BooleanSupplier ending)
            throws IOException {
        super(visible);
        this.wire = wire;
        this.state = state;
        this.ending = ending;
        this.input = new ClientInput(counted(visible.getInputStream()), ending);
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

    /** The same connection, seen through TLS. */
    ClientSocket through(SSLSocket tls) throws IOException {
        return new ClientSocket(tls, wire, state, ending);
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                state.received(Math.max(0, read));
                return read;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                out.write(buffer, offset, length);
                state.sent(length);
            }
        };
    }

    /**
     * Reads away what the client still sends, for a moment: a connection closed over unread octets
     * is reset, and the client would lose our last reply.
     */
    void linger() {
        try {
            if (input.hasMore()) {
                inner().shutdownOutput();
                wire.setSoTimeout(LINGER_MILLIS);
                byte[] waste = new byte[4096];
                int rest = MOST_LINGERING;
                for (int read = 0; read >= 0 && rest > 0; rest -= read) {
                    read = wire.getInputStream().read(waste);
                }
            }
        } catch (IOException gone) {
            // nobody reads the reply any more
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
}

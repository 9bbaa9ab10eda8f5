package org.sealpost.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections for one listener and hands out only those a session may run on. */
final class Acceptor extends ServerSocket {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final ListenerSettings listener;
    private final ServerTls tls;
    private final Clock clock;
    private final Map<InboundState, ClientSocket> open = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private volatile boolean ending;

    Acceptor(ListenerSettings listener, InetSocketAddress address, ServerTls tls, Clock clock)
            throws IOException {
        this.listener = listener;
        this.tls = tls;
        this.clock = clock;
        setReuseAddress(true);
        bind(address, 500);
    }

    /** The library binds what it is given once more; ours is bound already. */
    @Override
    public void bind(SocketAddress address, int backlog) throws IOException {
        if (!isBound()) {
            super.bind(address, backlog);
        }
    }

    @Override
    public Socket accept() throws IOException {
        while (true) {
            Socket socket = next();
            boolean entered = false;
            try {
                socket.setTcpNoDelay(true);
                entered = mayEnter(socket.getInetAddress());
                if (entered) {
                    return admit(socket);
                }
                refuse(socket);
            } catch (IOException | RuntimeException e) {
                // One client's trouble must never end the loop that accepts the others.
                LOG.warn("a connection could not be taken: {}", e.toString());
                if (entered) {
                    release(socket.getInetAddress());
                }
                socket.close();
            }
        }
    }

    private Socket next() throws IOException {
        try {
            return super.accept();
        } catch (SocketException closed) {
            while (ending && !Thread.currentThread().isInterrupted()) {
                // The library takes this for a fault and says so until it is stopped itself.
                LockSupport.park(this);
            }
            throw closed;
        }
    }

    private ClientSocket admit(Socket socket) throws IOException {
        var state = new InboundState(socket.getInetAddress(), socket.getPort(), clock);
        var client =
                new ClientSocket(
                        listener.implicitTls() ? tls.layer(socket) : socket,
                        socket,
                        state,
                        () -> ending);
        open.put(state, client);
        return client;
    }

    private boolean mayEnter(InetAddress client) {
        if (open.size() >= listener.limits().maxSessions()) {
            return false;
        }
        int sessions = perAddress.merge(client, 1, Integer::sum);
        if (sessions > listener.limits().maxSessionsPerAddress()) {
            release(client);
            return false;
        }
        return true;
    }

    private void refuse(Socket socket) throws IOException {
        try (socket) {
            if (!listener.implicitTls()) {
                socket.getOutputStream()
                        .write(
                                "421 4.7.0 Error: too many connections\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Called when a session is over. */
    void ended(InboundState state) {
        if (open.remove(state) != null) {
            release(state.client);
        }
    }

    private void release(InetAddress client) {
        perAddress.computeIfPresent(client, (key, count) -> count > 1 ? count - 1 : null);
    }

    /** Takes no new session; the open ones are told at their next command. */
    void beginEnding() throws IOException {
        ending = true;
        close();
    }

    int openSessions() {
        return open.size();
    }

    /** Closes every session that is still open. */
    void closeSessions() {
        open.values().forEach(ClientSocket::abort);
    }
}

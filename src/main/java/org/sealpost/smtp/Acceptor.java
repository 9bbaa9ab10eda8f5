package org.sealpost.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections for one listener and hands out only those a session may run on. */
final class Acceptor extends ServerSocket {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final ListenerSettings listener;
    private final ServerTls tls;
    private final Clock clock;
    private final Set<ClientSocket> open = ConcurrentHashMap.newKeySet();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

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
            Socket socket = super.accept();
            try {
                socket.setTcpNoDelay(true);
                if (mayEnter(socket.getInetAddress())) {
                    var state = new InboundState(socket.getInetAddress(), socket.getPort(), clock);
                    var client =
                            new ClientSocket(
                                    listener.implicitTls() ? tls.layer(socket) : socket, state);
                    open.add(client);
                    return client;
                }
                refuse(socket);
            } catch (IOException | RuntimeException e) {
                // One client's trouble must never end the loop that accepts the others.
                LOG.warn("a connection could not be taken: {}", e.toString());
                socket.close();
            }
        }
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
        if (open.removeIf(client -> client.state() == state)) {
            release(state.client);
        }
    }

    private void release(InetAddress client) {
        perAddress.computeIfPresent(client, (key, count) -> count > 1 ? count - 1 : null);
    }

    /** Closes every session that is still open. */
    void closeSessions() {
        for (ClientSocket client : open) {
            try {
                client.close();
            } catch (IOException alreadyGone) {
                // that is what was wanted
            }
        }
    }
}

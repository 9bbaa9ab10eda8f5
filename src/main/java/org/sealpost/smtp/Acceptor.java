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
import org.sealpost.smtp.events.InboundStep;
import org.sealpost.tls.SessionDetail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Accepts connections for one listener and hands out only those a session may run on. */
final class Acceptor extends ServerSocket {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final Clock clock;
    private final SessionDetail details;
    private final ApplicationEventPublisher events;
    private final Map<InboundState, ClientSocket> open = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private volatile ListenerSettings listener;
    private volatile boolean ending;

    Acceptor(
            ListenerSettings listener,
            InetSocketAddress address,
            SessionDetail details,
            ApplicationEventPublisher events,
            Clock clock)
            throws IOException {
        this.listener = listener;
        this.details = details;
        this.events = events;
        this.clock = clock;
        setReuseAddress(true);
        bind(address, 500);
    }

    /** The next connections follow these settings; open ones keep theirs. */
    void use(ListenerSettings changed) {
        listener = changed;
    }

    ListenerSettings listener() {
        return listener;
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
            try {
                socket.setTcpNoDelay(true);
                ListenerSettings now = listener;
                if (open.size() < now.limits().maxSessions()) {
                    return admit(socket, now);
                }
                refuse(socket, now);
            } catch (IOException | RuntimeException e) {
                // One client's trouble must never end the loop that accepts the others.
                LOG.warn("a connection could not be taken: {}", e.toString());
                socket.close();
            }
        }
    }

    private Socket next() throws IOException {
        try {
            return super.accept();
        } catch (SocketException closed) {
            while (isClosed() && !Thread.currentThread().isInterrupted()) {
                // The library takes this for a fault and says so until it is stopped itself.
                LockSupport.park(this);
            }
            throw closed;
        }
    }

    private ClientSocket admit(Socket socket, ListenerSettings now) {
        var state =
                new InboundState(
                        now, socket.getInetAddress(), socket.getPort(), clock, details, this::live);
        var client = new ClientSocket(socket, state, () -> ending);
        open.put(state, client);
        return client;
    }

    private void live(InboundStep step) {
        try {
            events.publishEvent(step);
        } catch (RuntimeException e) {
            LOG.error("an observer of session {} failed", step.session(), e);
        }
    }

    private static void refuse(Socket socket, ListenerSettings now) throws IOException {
        try (socket) {
            if (!now.implicitTls()) {
                socket.getOutputStream()
                        .write(
                                "421 4.7.0 Error: too many connections\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Counts a session of an address; false when it has too many, and then it is not counted. */
    boolean enters(InboundState state) {
        if (state.isStranger()) {
            return true;
        }
        int most = state.listener().limits().maxSessionsPerAddress();
        if (perAddress.merge(state.client(), 1, Integer::sum) <= most) {
            state.counted();
            return true;
        }
        release(state.client());
        return false;
    }

    /** Called when a session is over. */
    void ended(InboundState state) {
        if (open.remove(state) != null && state.isCounted()) {
            release(state.client());
        }
    }

    private void release(InetAddress client) {
        perAddress.computeIfPresent(client, (key, count) -> count > 1 ? count - 1 : null);
    }

    /** Tells the open sessions at their next command; new ones are refused by {@link #close}. */
    void beginEnding() {
        ending = true;
    }

    int openSessions() {
        return open.size();
    }

    /** Closes sessions that hang where no read can time out. */
    void closeOverdue() {
        open.values().forEach(ClientSocket::abortWhenOverdue);
    }

    /** Closes every session that is still open. */
    void closeSessions() {
        open.values().forEach(ClientSocket::abort);
    }
}

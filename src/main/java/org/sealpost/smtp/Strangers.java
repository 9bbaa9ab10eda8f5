package org.sealpost.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sockets of this process that our listeners treat as a stranger's: no relay network and no client
 * certificate lets them relay, and they do not count among their address's sessions. Being named
 * here only takes rights away, so it is one set for the whole process.
 */
public final class Strangers {

    private static final Set<InetSocketAddress> REGISTERED = ConcurrentHashMap.newKeySet();

    private Strangers() {}

    /** A socket that counts as a stranger's until this is closed. */
    public static final class Registration implements AutoCloseable {
        private final InetSocketAddress local;

        private Registration(InetSocketAddress local) {
            this.local = local;
        }

        @Override
        public void close() {
            REGISTERED.remove(local);
        }
    }

    /**
     * Binds a socket, before it connects, and registers where it comes from.
     *
     * @param from a local address
     */
    public static Registration register(Socket socket, InetAddress from) throws IOException {
        socket.bind(new InetSocketAddress(from, 0));
        var local = (InetSocketAddress) socket.getLocalSocketAddress();
        REGISTERED.add(local);
        return new Registration(local);
    }

    /** How many connections of this kind are open. */
    public static int registered() {
        return REGISTERED.size();
    }

    static boolean contains(InetAddress client, int port) {
        return !REGISTERED.isEmpty() && REGISTERED.contains(new InetSocketAddress(client, port));
    }
}

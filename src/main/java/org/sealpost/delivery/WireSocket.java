package org.sealpost.delivery;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.SocketFacade;

/**
 * What Jakarta Mail sees of a connection. It bounds the length of a reply and the time until it is
 * whole, ends the connection when the server takes no more octets, gathers pipelined commands, and
 * keeps a reader of replies from ever asking DNS for the server's name.
 */
final class WireSocket extends SocketFacade {

    private static final int MOST_REPLY_OCTETS = 64 * 1024;

    /** RFC 5321 §4.5.3.2.5: how long a server may take no data. */
    private static final Duration WRITE_LIMIT = Duration.ofMinutes(3);

    private static final ScheduledThreadPoolExecutor ALARMS = alarms();

    private final Socket wire;
    private final InetAddress named;
    private final Duration writeLimit;
    private final byte[] buffer = new byte[4096];
    private int next;
    private int end;
    private int column;
    private boolean goesOn;
    private int replyOctets;
    private long replyBegan;
    private boolean held;
    private @Nullable OutputStream out;

    /**
     * @param wire the connection itself, below TLS if there is some
     * @param named the server's address with its MX name
     */
    WireSocket(Socket socket, Socket wire, InetAddress named) {
        this(socket, wire, named, WRITE_LIMIT);
    }

    WireSocket(Socket socket, Socket wire, InetAddress named, Duration writeLimit) {
        super(socket);
        this.wire = wire;
        this.named = named;
        this.writeLimit = writeLimit;
    }

    private static ScheduledThreadPoolExecutor alarms() {
        var alarms =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("smtp-write-limit").factory());
        alarms.setRemoveOnCancelPolicy(true);
        return alarms;
    }

    /** Whether the server said something that nobody asked for. */
    boolean hasUnread() throws IOException {
        return next < end || wire.getInputStream().available() > 0;
    }

    /** Keeps what is written until {@link #release}, or until it is too much to keep. */
    void hold() {
        held = true;
    }

    void release() throws IOException {
        held = false;
        getOutputStream().flush();
    }

    /** Gives out one line at most, so that what follows a reply is known to be unasked for. */
    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (next == end && !fill()) {
                    return -1;
                }
                int count = 0;
                boolean lineEnds = false;
                while (count < length && next < end && !lineEnds) {
                    byte octet = buffer[next++];
                    into[offset + count++] = octet;
                    lineEnds = octet == '\n';
                    follow(octet);
                }
                return count;
            }
        };
    }

    /** Follows the form of replies: a dash behind the code says that another line comes. */
    private void follow(byte octet) throws IOException {
        column++;
        if (column == 4) {
            goesOn = octet == '-';
        }
        if (++replyOctets > MOST_REPLY_OCTETS) {
            throw new IOException("the server's reply is longer than 64 KB");
        }
        if (octet == '\n') {
            column = 0;
            if (!goesOn) {
                replyOctets = 0;
                replyBegan = 0;
            }
            goesOn = false;
        }
    }

    /** Reads what is there; the time limit is for the whole reply, not for each octet of it. */
    private boolean fill() throws IOException {
        int limit = inner().getSoTimeout();
        long now = System.nanoTime();
        if (replyBegan == 0) {
            replyBegan = now;
        }
        long left = limit - TimeUnit.NANOSECONDS.toMillis(now - replyBegan);
        if (limit > 0 && left <= 0) {
            throw new SocketTimeoutException("Read timed out");
        }
        inner().setSoTimeout(limit > 0 ? (int) left : 0);
        try {
            next = 0;
            end = 0;
            int read = inner().getInputStream().read(buffer);
            end = Math.max(0, read);
            return read > 0;
        } finally {
            if (!inner().isClosed()) {
                inner().setSoTimeout(limit);
            }
        }
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream known = out;
        if (known == null) {
            known = new Held(new BufferedOutputStream(new Guarded(inner().getOutputStream())));
            out = known;
        }
        return known;
    }

    private final class Held extends FilterOutputStream {
        Held(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (!held) {
                out.flush();
            }
        }
    }

    /** Closes the connection under a write that does not end. */
    private final class Guarded extends FilterOutputStream {
        Guarded(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            replyBegan = 0;
            ScheduledFuture<?> alarm =
                    ALARMS.schedule(this::cut, writeLimit.toMillis(), TimeUnit.MILLISECONDS);
            try {
                out.write(octets, offset, length);
            } finally {
                alarm.cancel(false);
            }
        }

        private void cut() {
            try {
                wire.close();
            } catch (IOException alreadyGone) {
                // that is what is wanted
            }
        }
    }

    @Override
    public InetAddress getInetAddress() {
        return named;
    }
}

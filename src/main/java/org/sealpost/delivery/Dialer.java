package org.sealpost.delivery;

import java.io.IOException;
import java.io.Serial;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Targets.Target;

/**
 * Connects to whichever address of a host answers first (RFC 8305): the families take turns, each
 * address in the order DNS gave it, and the next one is tried as soon as the one before has failed
 * or is late.
 */
final class Dialer {

    private final Duration timeout;
    private final Duration delay;

    /**
     * @param timeout of each address
     * @param delay after which the next address is tried as well
     */
    Dialer(Duration timeout, Duration delay) {
        this.timeout = timeout;
        this.delay = delay;
    }

    /** What came of it. */
    sealed interface Dialed {
        /**
         * An address answered.
         *
         * @param failed the addresses that had failed by then
         */
        record Connected(Target target, Socket socket, List<Target> failed) implements Dialed {}

        /**
         * No address answers.
         *
         * @param target the one that failed last
         */
        record Failed(Target target, String code, String text) implements Dialed {}
    }

    /** An attempt that has ended; without a failure the socket is connected. */
    private record Ended(Target target, Socket socket, @Nullable IOException failure) {}

    /** The order in which addresses are tried. */
    static List<Target> inTurns(List<Target> targets) {
        if (targets.isEmpty()) {
            return List.of();
        }
        boolean first = isIpv4(targets.getFirst());
        Deque<Target> one = family(targets, first);
        Deque<Target> other = family(targets, !first);
        var order = new ArrayList<Target>();
        while (!one.isEmpty() || !other.isEmpty()) {
            Optional.ofNullable(one.poll()).ifPresent(order::add);
            Optional.ofNullable(other.poll()).ifPresent(order::add);
        }
        return order;
    }

    private static Deque<Target> family(List<Target> targets, boolean ipv4) {
        var family = new ArrayDeque<Target>();
        targets.stream().filter(target -> isIpv4(target) == ipv4).forEach(family::add);
        return family;
    }

    private static boolean isIpv4(Target target) {
        return target.address() instanceof Inet4Address;
    }

    /**
     * Dials the addresses of one host.
     *
     * @param prepare is shown each socket before it is used
     */
    Dialed dial(List<Target> targets, Way way, Consumer<Socket> prepare, Transcript transcript) {
        if (targets.size() == 1) {
            Target only = targets.getFirst();
            Ended ended = connect(only, new Socket(), way, prepare);
            return ended.failure() == null
                    ? new Dialed.Connected(only, ended.socket(), List.of())
                    : failed(ended, transcript);
        }
        return race(inTurns(targets), way, prepare, transcript);
    }

    private Dialed race(
            List<Target> order, Way way, Consumer<Socket> prepare, Transcript transcript) {
        var waiting = new ArrayDeque<>(order);
        var ended = new LinkedBlockingQueue<Ended>();
        Map<Socket, Target> running = new LinkedHashMap<>();
        var failures = new ArrayList<Target>();
        try {
            while (true) {
                if (!waiting.isEmpty()) {
                    Target next = waiting.remove();
                    var socket = new Socket();
                    running.put(socket, next);
                    Thread.ofVirtual()
                            .name("connect")
                            .start(() -> ended.add(connect(next, socket, way, prepare)));
                }
                Ended one =
                        waiting.isEmpty()
                                ? ended.take()
                                : ended.poll(delay.toMillis(), TimeUnit.MILLISECONDS);
                if (one == null) {
                    continue; // it is late: the next one is tried beside it
                }
                running.remove(one.socket());
                if (one.failure() == null) {
                    running.values()
                            .forEach(late ->
                                    transcript.note("not waited for: " + late.peer().text()));
                    return new Dialed.Connected(one.target(), one.socket(), failures);
                }
                failures.add(one.target());
                Dialed.Failed failed = failed(one, transcript);
                if (running.isEmpty() && waiting.isEmpty()) {
                    return failed;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Dialed.Failed(order.getLast(), "4.3.2", "interrupted");
        } finally {
            running.keySet().forEach(Dialer::close);
        }
    }

    private Ended connect(Target target, Socket socket, Way way, Consumer<Socket> prepare) {
        Optional<InetAddress> source = way.sourceFor(target.address());
        try {
            socket.setTcpNoDelay(true);
            prepare.accept(socket);
            if (source.isPresent() && !socket.isBound()) {
                bind(socket, source.get());
            }
            socket.connect(
                    new InetSocketAddress(target.address(), target.port()),
                    (int) timeout.toMillis());
            return new Ended(target, socket, null);
        } catch (IOException e) {
            close(socket);
            return new Ended(target, socket, e);
        } catch (RuntimeException e) {
            close(socket);
            return new Ended(target, socket, new IOException(e));
        }
    }

    private static void bind(Socket socket, InetAddress source) throws IOException {
        try {
            socket.bind(new InetSocketAddress(source, 0));
        } catch (IOException e) {
            throw new UnusableSource(source, e);
        }
    }

    /** This machine cannot send from the address it was told to send from. */
    private static final class UnusableSource extends IOException {
        @Serial private static final long serialVersionUID = 1;

        UnusableSource(InetAddress source, IOException cause) {
            super(
                    "this machine cannot send from its source address "
                            + source.getHostAddress()
                            + " ("
                            + cause.getMessage()
                            + "); change it in the route or in the delivery settings",
                    cause);
        }
    }

    private static Dialed.Failed failed(Ended ended, Transcript transcript) {
        IOException failure = ended.failure();
        String text = "connect to " + ended.target().peer().text() + ": " + reason(failure);
        transcript.note(text);
        return new Dialed.Failed(
                ended.target(), failure instanceof UnusableSource ? "4.3.5" : "4.4.1", text);
    }

    private static String reason(@Nullable IOException failure) {
        return failure == null ? "" : String.valueOf(failure.getMessage());
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // nothing is lost
        }
    }
}

package org.sealpost.delivery;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Dialer.Dialed;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.delivery.Way.Credentials;
import org.sealpost.delivery.Way.Protocol;
import org.sealpost.mail.SmtpReply;
import org.sealpost.tls.ClientTls;
import org.sealpost.tls.SessionDetail;
import org.sealpost.tls.TlsJudge;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsLines;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.Verdict;

/** Opens sessions to servers, up to the point where the judge has ruled and mail may be sent. */
final class Connector {

    /** RFC 8305 §5. */
    static final Duration DEFAULT_DELAY = Duration.ofMillis(250);

    private final ClientTls tls = new ClientTls();
    private final Clock clock;
    private final TimeLimits limits;
    private final @Nullable Duration whole;

    /** Connections that may be open, to end them when this program ends. */
    private final Set<Socket> open =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile boolean closed;

    Connector(Clock clock, TimeLimits limits) {
        this(clock, limits, null);
    }

    /**
     * @param whole after which a connection is cut, however busy it is; null never
     */
    Connector(Clock clock, TimeLimits limits, @Nullable Duration whole) {
        this.clock = clock;
        this.limits = limits;
        this.whole = whole;
    }

    /** What became of a connection. */
    sealed interface Result {
        record Open(OutboundSession session) implements Result {}

        /**
         * The server could not be reached or did not speak SMTP; another one may do.
         *
         * @param code 4.4.1 when nobody answered, 4.4.2 when the connection broke
         */
        record Unreachable(String code, String text) implements Result {}

        /** The server answered with an error before any mail was offered. */
        record Rejected(SmtpReply reply, String command) implements Result {}

        /** The judge ruled against the session. */
        record Ruled(Verdict.Defer verdict) implements Result {}
    }

    /**
     * Who asks, and for what message.
     *
     * @param witness is shown what the judge was shown
     * @param visit of somebody who only looks; null for mail
     */
    record Request(
            TlsRequirement requirement,
            String hostname,
            Duration messageAge,
            Way way,
            Consumer<TlsObservation> witness,
            @Nullable Visit visit) {

        Request(
                TlsRequirement requirement,
                String hostname,
                Duration messageAge,
                @Nullable Credentials credentials) {
            this(requirement, hostname, messageAge, Way.smtp(credentials), _ -> {});
        }

        Request(
                TlsRequirement requirement,
                String hostname,
                Duration messageAge,
                Way way,
                Consumer<TlsObservation> witness) {
            this(requirement, hostname, messageAge, way, witness, null);
        }

        boolean hasCredentials() {
            return way.credentials() != null || (visit != null && visit.wouldSignIn());
        }
    }

    /**
     * A connection that carries no mail.
     *
     * @param wouldSignIn whether mail would be sent with user name and password: it is judged so,
     *     though neither is sent
     * @param opened is shown each socket before it connects, to close it early
     */
    record Visit(boolean wouldSignIn, Consumer<Socket> opened) {}

    /**
     * What became of a host.
     *
     * @param target the address the result is about
     * @param used the addresses that need not be tried again
     */
    record Opened(Result result, Target target, List<Target> used) {}

    Result open(Target target, Request request, Transcript transcript) {
        return open(List.of(target), DEFAULT_DELAY, request, transcript, _ -> {}).result();
    }

    /**
     * Opens a session with one host.
     *
     * @param addresses the host's, at least one
     * @param delay after which the next of them is tried beside the one before
     * @param connected told which one is connected to
     */
    Opened open(
            List<Target> addresses,
            Duration delay,
            Request request,
            Transcript transcript,
            Consumer<Target> connected) {
        transcript.enter(Stage.CONNECT);
        return switch (new Dialer(limits.connect(), delay)
                .dial(addresses, request.way(), socket -> prepare(socket, request), transcript)) {
            case Dialed.Failed(Target target, String code, String text) ->
                    new Opened(new Result.Unreachable(code, text), target, addresses);
            case Dialed.Connected(Target target, Socket socket, List<Target> failed) -> {
                connected.accept(target);
                var used = new ArrayList<>(failed);
                used.add(target);
                yield new Opened(
                        begin(socket, target, target.peer(), request, transcript, null),
                        target,
                        used);
            }
        };
    }

    private void prepare(Socket socket, Request request) {
        open.add(socket);
        if (closed) {
            close(socket);
        }
        cutOffLater(socket);
        Visit visit = request.visit();
        if (visit != null) {
            visit.opened().accept(socket);
        }
    }

    /** Ends all connections, whatever they wait for, and opens no more until {@link #allow}. */
    void cut() {
        closed = true;
        synchronized (open) {
            open.forEach(Connector::close);
        }
    }

    void allow() {
        closed = false;
    }

    /**
     * @param fallback the verdict that allows clear text after a failed handshake, or null
     */
    private Result begin(
            Socket socket,
            Target target,
            TlsPeer peer,
            Request request,
            Transcript transcript,
            Verdict.@Nullable DeliverClear fallback) {
        boolean open = false;
        try {
            socket.setSoTimeout((int) limits.greeting().toMillis());
            transcript.note("connected to " + peer.text());
            boolean implicit = fallback == null && request.requirement().isImplicit(target.port());
            if (!implicit) {
                transcript.enter(Stage.BANNER);
            }
            Result result =
                    implicit
                            ? encrypt(socket, target, peer, request, transcript, true)
                            : clear(socket, target, peer, request, transcript, fallback);
            open = result instanceof Result.Open;
            return result;
        } catch (IOException e) {
            transcript.note("connect to " + peer.text() + ": " + e.getMessage());
            return new Result.Unreachable(
                    "4.4.1", "connect to " + peer.text() + ": " + e.getMessage());
        } finally {
            if (!open) {
                close(socket);
            }
        }
    }

    /** To the same address once more, for clear text this time. */
    private Result inClear(
            Target target, Request request, Transcript transcript, Verdict.DeliverClear fallback) {
        transcript.enter(Stage.CONNECT);
        return switch (new Dialer(limits.connect(), DEFAULT_DELAY)
                .dial(
                        List.of(target),
                        request.way(),
                        socket -> prepare(socket, request),
                        transcript)) {
            case Dialed.Failed(Target _, String code, String text) ->
                    new Result.Unreachable(code, text);
            case Dialed.Connected(Target _, Socket socket, List<Target> _) ->
                    begin(socket, target, target.peer(), request, transcript, fallback);
        };
    }

    private Result clear(
            Socket socket,
            Target target,
            TlsPeer peer,
            Request request,
            Transcript transcript,
            Verdict.@Nullable DeliverClear fallback)
            throws IOException {
        var transport = transport(socket, socket, target, request, transcript, false);
        try {
            transport.begin();
            if (fallback != null) {
                return opened(transport, socket, peer, fallback, request);
            }
            boolean offered = transport.supportsExtension("STARTTLS");
            if (request.requirement().level() == TlsLevel.NONE) {
                return ruled(new TlsObservation.Unused(offered), transport, socket, peer, request);
            }
            if (!offered) {
                return ruled(new TlsObservation.NotOffered(), transport, socket, peer, request);
            }
            SmtpReply reply = transport.command("STARTTLS");
            if (reply.code() != 220) {
                return ruled(new TlsObservation.Refused(reply), transport, socket, peer, request);
            }
        } catch (MessagingException e) {
            return failed(transport, peer, e);
        }
        // Whatever the server sent behind its 220 stays in the abandoned transport's buffer.
        return encrypt(socket, target, peer, request, transcript, false);
    }

    private Result encrypt(
            Socket socket,
            Target target,
            TlsPeer peer,
            Request request,
            Transcript transcript,
            boolean implicit)
            throws IOException {
        ClientTls.Started started;
        transcript.enter(Stage.HANDSHAKE);
        transcript.note("setting up TLS connection to " + peer.text());
        socket.setSoTimeout((int) limits.handshake().toMillis());
        try {
            started = tls.start(socket, request.requirement(), peer, implicit);
        } catch (IOException e) {
            transcript.note("the TLS handshake failed: " + e.getMessage());
            Verdict verdict =
                    judge(
                            e instanceof ClientTls.EngineUnavailable
                                    ? new TlsObservation.EngineUnavailable(
                                            String.valueOf(e.getMessage()))
                                    : new TlsObservation.HandshakeFailed(
                                            String.valueOf(e.getMessage())),
                            peer,
                            request);
            return switch (verdict) {
                case Verdict.Defer defer -> new Result.Ruled(defer);
                case Verdict.DeliverClear allowed -> {
                    close(socket);
                    yield inClear(target, request, transcript, allowed);
                }
                case Verdict.DeliverEncrypted _ ->
                        throw new IllegalStateException("encrypted without a handshake");
            };
        }
        Verdict verdict = judge(started.observation(), peer, request);
        transcript.note(SessionDetail.SUMMARY, TlsLines.outbound(verdict.evidence(), peer));
        if (verdict instanceof Verdict.Defer defer) {
            quit(started.socket());
            return new Result.Ruled(defer);
        }
        started.socket().setSoTimeout((int) limits.greeting().toMillis());
        if (implicit) {
            transcript.enter(Stage.BANNER);
        }
        var transport = transport(started.socket(), socket, target, request, transcript, !implicit);
        try {
            transport.begin();
            return opened(transport, started.socket(), peer, verdict, request);
        } catch (MessagingException e) {
            return failed(transport, peer, e);
        }
    }

    private Result ruled(
            TlsObservation observation,
            RelayTransport transport,
            Socket socket,
            TlsPeer peer,
            Request request)
            throws MessagingException {
        Verdict verdict = judge(observation, peer, request);
        if (verdict instanceof Verdict.Defer defer) {
            transport.close();
            return new Result.Ruled(defer);
        }
        return opened(transport, socket, peer, verdict, request);
    }

    private static Result opened(
            RelayTransport transport, Socket socket, TlsPeer peer, Verdict verdict, Request request)
            throws MessagingException {
        Credentials credentials = request.way().credentials();
        if (credentials != null) {
            SmtpReply reply = SignIn.over(transport, credentials);
            if (!reply.isPositive()) {
                transport.close();
                return new Result.Rejected(reply, "AUTH");
            }
        }
        return new Result.Open(new OutboundSession(transport, socket, peer, verdict));
    }

    private void cutOffLater(Socket socket) {
        Duration longest = whole;
        if (longest != null) {
            CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> close(socket));
        }
    }

    private Verdict judge(TlsObservation observation, TlsPeer peer, Request request) {
        request.witness().accept(observation);
        return TlsJudge.judge(
                request.requirement(),
                peer,
                observation,
                request.messageAge(),
                request.hasCredentials(),
                clock.instant());
    }

    private static RelayTransport transport(
            Socket socket,
            Socket wire,
            Target target,
            Request request,
            Transcript transcript,
            boolean greetingRead)
            throws IOException {
        // With the name set here, nobody ever asks DNS for it.
        var named = InetAddress.getByAddress(target.host(), target.address().getAddress());
        return new RelayTransport(
                new WireSocket(socket, wire, named),
                request.hostname(),
                request.way().protocol() == Protocol.LMTP,
                transcript,
                greetingRead);
    }

    private static Result failed(RelayTransport transport, TlsPeer peer, MessagingException e) {
        if (transport.getLastReturnCode() >= 400) {
            try {
                return new Result.Rejected(transport.lastReply(), "the greeting");
            } catch (MessagingException unreadable) {
                return new Result.Unreachable(
                        "4.4.2", peer.bracketed() + ": " + unreadable.getMessage());
            }
        }
        return new Result.Unreachable(
                "4.4.2", "lost connection with " + peer.bracketed() + ": " + e.getMessage());
    }

    private static void quit(Socket socket) {
        try {
            socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
        } catch (IOException gone) {
            // it was a courtesy
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // nothing is lost
        }
    }
}

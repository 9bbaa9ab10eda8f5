package org.sealpost.smtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.queue.Envelope.Recipient;
import org.sealpost.smtp.events.InboundSession;
import org.sealpost.smtp.events.InboundSession.Step;
import org.sealpost.smtp.events.InboundStep;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.SessionDetail;
import org.sealpost.tls.TlsLines;

/** What is known of one inbound session; used by its own thread only. */
final class InboundState {

    private static final int MOST_STEPS = 500;
    private static final int MOST_STEPS_IN_DETAIL = 5_000;
    private static final String LOST = "lost connection";

    /** A mail transaction that has begun with MAIL. */
    static final class Transaction {
        final @Nullable MailAddress sender;
        final boolean eightBit;
        final boolean smtputf8;
        final @Nullable String ret;
        final @Nullable String envid;
        final List<Recipient> recipients = new ArrayList<>();

        Transaction(
                @Nullable MailAddress sender,
                boolean eightBit,
                boolean smtputf8,
                @Nullable String ret,
                @Nullable String envid) {
            this.sender = sender;
            this.eightBit = eightBit;
            this.smtputf8 = smtputf8;
            this.ret = ret;
            this.envid = envid;
        }
    }

    final String id = UUID.randomUUID().toString();
    private final ListenerSettings listener;
    private final boolean stranger;
    private final Clock clock;
    private final SessionDetail details;
    private final Consumer<InboundStep> live;
    private int detail;
    private InetAddress client;
    private String peer;
    private boolean named = true;
    private final Instant begun;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> queueIds = new ArrayList<>();
    private long bytesIn;
    private long bytesOut;
    private int errors;
    private int idle;
    private boolean counted;
    private @Nullable String helo;
    private boolean extended;
    private @Nullable String tlsLine;
    private @Nullable ClientCertificate certificate;
    private @Nullable String user;
    private List<String> senders = List.of();
    private @Nullable Transaction transaction;
    private String reason = LOST;
    private volatile @Nullable String cutReason;

    /**
     * @param listener what the listener was when the session began; it stays so to its end
     * @param live told of what happens while it does
     */
    InboundState(
            ListenerSettings listener,
            InetAddress client,
            int port,
            Clock clock,
            SessionDetail details,
            Consumer<InboundStep> live) {
        this.listener = listener;
        this.details = details;
        this.live = live;
        this.detail = details.inbound(client, listener.logLevel());
        this.stranger = Strangers.contains(client, port);
        this.client = client;
        this.peer = text(client, port);
        this.clock = clock;
        this.begun = clock.instant();
    }

    private static String text(InetAddress client, int port) {
        return client.getHostAddress() + ":" + port;
    }

    /** A trusted proxy has told whose connection it passes on. */
    void comesFrom(InetSocketAddress told) {
        String proxy = peer;
        client = told.getAddress();
        peer = text(client, told.getPort());
        detail = details.inbound(client, listener.logLevel());
        note(SessionDetail.CHECKS, "PROXY header from " + proxy);
    }

    /** The client as Postfix logs it; names are never asked for. */
    String logged() {
        return "unknown[" + client.getHostAddress() + "]";
    }

    /** Whether the session's log level is this or a higher one. */
    boolean tells(int level) {
        return detail >= level;
    }

    /**
     * A trusted proxy cannot tell whose connection it passes on. Everything goes by the proxy's own
     * address then, except for the right to relay: somebody nobody knows is not the proxy.
     */
    void comesFromSomebody() {
        step("PROXY header that names no client");
        named = false;
    }

    ListenerSettings listener() {
        return listener;
    }

    InetAddress client() {
        return client;
    }

    /** The address by which the client may be in a relay network; null for one that has none. */
    @Nullable InetAddress relayAddress() {
        return stranger || !named ? null : client;
    }

    /** Whether no network and no certificate gives the client any right. */
    boolean isStranger() {
        return stranger;
    }

    void received(int octets) {
        bytesIn += octets;
    }

    void sent(int octets) {
        bytesOut += octets;
    }

    /** A line of the dialogue, secrets masked. */
    void step(String line) {
        note(SessionDetail.DIALOGUE, line);
    }

    /** A line that is part of the session's story, and is told now from this log level on. */
    void note(int level, String line) {
        int most = tells(SessionDetail.DIALOGUE) ? MOST_STEPS_IN_DETAIL : MOST_STEPS;
        if (steps.size() < most) {
            steps.add(new Step(age(), line));
        }
        tell(level, line);
    }

    /** A line that the session's story has in another form, told now from this log level on. */
    void tell(int level, String line) {
        if (tells(level)) {
            live.accept(
                    new InboundStep(clock.instant(), id, listener.name(), peer, user, age(), line));
        }
    }

    private long age() {
        return Duration.between(begun, clock.instant()).toMillis();
    }

    /** The session counts among those of its address. */
    void counted() {
        counted = true;
    }

    boolean isCounted() {
        return counted;
    }

    int countIdle() {
        return ++idle;
    }

    int countError() {
        return ++errors;
    }

    void greeted(String name, boolean withExtensions) {
        helo = name;
        extended = withExtensions;
        transaction = null;
    }

    @Nullable String helo() {
        return helo;
    }

    boolean isExtended() {
        return extended;
    }

    /** Forgets everything the client said in clear text (RFC 3207 §4.2). */
    void encrypted(SSLSession session, @Nullable ClientCertificate shown) {
        tlsLine =
                TlsLines.session(
                        session.getProtocol(), Ciphers.openSslName(session.getCipherSuite()));
        certificate = shown;
        helo = null;
        user = null;
        senders = List.of();
        transaction = null;
        note(SessionDetail.SUMMARY, tlsEstablished());
    }

    /** As Postfix logs it. */
    private String tlsEstablished() {
        String status =
                certificate == null
                        ? "Anonymous"
                        : certificate.isTrusted() ? "Trusted" : "Untrusted";
        return status + " TLS connection established from " + logged() + ": " + tlsLine;
    }

    /** What the client proved to be under TLS; null when it showed no certificate. */
    @Nullable ClientCertificate certificate() {
        return certificate;
    }

    /** Whether the client's certificate is one that may relay now. */
    boolean mayRelayByCertificate() {
        ClientCertificate shown = certificate;
        return shown != null
                && !stranger
                && listener.clientCertificateRelay().stream()
                        .anyMatch(one -> one.covers(shown.leaf(), clock.instant()));
    }

    boolean isEncrypted() {
        return tlsLine != null;
    }

    @Nullable String tlsLine() {
        return tlsLine;
    }

    void signedIn(String username, List<String> allowedSenders) {
        user = username;
        senders = allowedSenders;
        note(SessionDetail.SUMMARY, logged() + ": signed in as " + username);
    }

    @Nullable String user() {
        return user;
    }

    List<String> senders() {
        return senders;
    }

    @Nullable Transaction transaction() {
        return transaction;
    }

    void begin(Transaction begunNow) {
        transaction = begunNow;
    }

    void reset() {
        transaction = null;
    }

    void queued(String queueId) {
        queueIds.add(queueId);
        idle = 0;
    }

    /** The first reason counts: what follows from it is none. */
    void endedBecause(String why) {
        reason = reason.equals(LOST) ? why : reason;
    }

    /** Called by another thread when it closes the connection. */
    void cutOff(String why) {
        cutReason = why;
    }

    String reason() {
        return reason;
    }

    String peer() {
        return peer;
    }

    InboundSession summary() {
        String cut = cutReason;
        return new InboundSession(
                begun,
                id,
                listener.name(),
                peer,
                helo,
                tlsLine,
                user,
                List.copyOf(queueIds),
                cut == null ? reason : cut,
                bytesIn,
                bytesOut,
                Duration.between(begun, clock.instant()).toMillis(),
                List.copyOf(steps),
                stranger);
    }
}

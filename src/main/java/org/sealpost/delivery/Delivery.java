package org.sealpost.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Connector.Opened;
import org.sealpost.delivery.Connector.Request;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.Destinations.Answer;
import org.sealpost.delivery.Destinations.Place;
import org.sealpost.delivery.RouteTable.Routed;
import org.sealpost.delivery.SessionPool.Kept;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.delivery.Transaction.Ended;
import org.sealpost.delivery.Transaction.Told;
import org.sealpost.delivery.events.DeliveryAttempted;
import org.sealpost.delivery.events.DeliveryStep;
import org.sealpost.mail.EnhancedStatus;
import org.sealpost.mail.SmtpReply;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsSettings;
import org.sealpost.queue.AttemptResult;
import org.sealpost.queue.AttemptResult.Outcome;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.queue.ClaimedMessage;
import org.sealpost.queue.Envelope.Recipient;
import org.sealpost.queue.MailQueue;
import org.sealpost.queue.RetrySettings;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.tls.SessionDetail;
import org.sealpost.tls.TlsJudge;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsLines;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.Verdict;
import org.sealpost.tls.VerdictDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** One attempt to deliver one claimed message to all its next hops. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final int MOST_RECIPIENTS = 100;
    private static final int MOST_NEXT_HOPS = 20;
    private static final String INTERNAL_ERROR = "4.3.0 internal error, see the log";

    private final MailQueue queue;
    private final StoredRoutes routes;
    private final TlsPolicies policies;
    private final Targets targets;
    private final Connector connector;
    private final SessionPool pool;
    private final Notices notices;
    private final Destinations destinations;
    private final Settings settings;
    private final SessionDetail details;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final Counter unknown;

    Delivery(
            MailQueue queue,
            StoredRoutes routes,
            TlsPolicies policies,
            Targets targets,
            Connector connector,
            SessionPool pool,
            Notices notices,
            Destinations destinations,
            Settings settings,
            SessionDetail details,
            ApplicationEventPublisher events,
            Clock clock,
            MeterRegistry meters) {
        this.queue = queue;
        this.routes = routes;
        this.policies = policies;
        this.targets = targets;
        this.connector = connector;
        this.pool = pool;
        this.notices = notices;
        this.destinations = destinations;
        this.settings = settings;
        this.details = details;
        this.events = events;
        this.clock = clock;
        this.unknown =
                Counter.builder("sealpost.delivery.unknown")
                        .description("Messages whose final reply never came; they are sent again")
                        .register(meters);
    }

    /** Tries the message once and settles it; whatever goes wrong here, the message waits. */
    void attempt(ClaimedMessage message) {
        try {
            tryOnce(message);
        } catch (RuntimeException e) {
            LOG.error("{}: the delivery attempt failed in Sealpost itself", message.id(), e);
            queue.settle(
                    message.id(),
                    new AttemptResult(
                            clock.instant(),
                            message.envelope().recipients().stream()
                                    .map(recipient ->
                                            new RecipientResult(
                                                    recipient.address(),
                                                    Outcome.DEFERRED,
                                                    INTERNAL_ERROR,
                                                    null,
                                                    null,
                                                    null))
                                    .toList()));
        }
    }

    private void tryOnce(ClaimedMessage message) {
        Instant begun = clock.instant();
        var byNextHop = new LinkedHashMap<Routed, List<Recipient>>();
        for (Recipient recipient : message.envelope().recipients()) {
            byNextHop
                    .computeIfAbsent(route(message, recipient), hop -> new ArrayList<>())
                    .add(recipient);
        }
        List<HopAttempt> attempts =
                byNextHop.entrySet().stream()
                        .map(hop -> new HopAttempt(message, hop.getKey(), hop.getValue()))
                        .toList();
        tryAll(attempts);
        List<RecipientResult> relayed =
                attempts.stream().flatMap(attempt -> attempt.relayed().stream()).toList();
        List<RecipientResult> results =
                attempts.stream().flatMap(attempt -> attempt.results().stream()).toList();
        List<RecipientResult> finished =
                clock.instant().isBefore(message.expiresAt()) ? results : expired(results);
        // The sender is told before the recipients count as settled: a crash in between tells
        // twice.
        queue.settle(message.id(), new AttemptResult(begun, told(message, finished, relayed)));
    }

    private Routed route(ClaimedMessage message, Recipient recipient) {
        return routes.route(
                message.envelope().sender(),
                recipient.address(),
                message.routes().get(recipient.address()));
    }

    /** Tells the sender; who could not be told of a failure waits, so that none goes unnoticed. */
    private List<RecipientResult> told(
            ClaimedMessage message, List<RecipientResult> results, List<RecipientResult> relayed) {
        notices.send(Notice.Kind.RELAYED, message, relayed);
        List<RecipientResult> bounced = with(Outcome.BOUNCED, results);
        if (!bounced.isEmpty() && !notices.send(Notice.Kind.FAILED, message, bounced)) {
            return results.stream().map(Delivery::asDeferred).toList();
        }
        List<RecipientResult> deferred = with(Outcome.DEFERRED, results);
        if (!deferred.isEmpty() && isDelayed(message)) {
            tellOfDelay(message, deferred);
        }
        return results;
    }

    private boolean isDelayed(ClaimedMessage message) {
        Duration warning = settings.get(RetrySettings.SECTION).delayWarning();
        return !message.delayTold()
                && !clock.instant().isBefore(message.receivedAt().plus(warning));
    }

    private void tellOfDelay(ClaimedMessage message, List<RecipientResult> deferred) {
        if (notices.send(Notice.Kind.DELAYED, message, deferred)) {
            try {
                queue.delayTold(message.id());
            } catch (IOException e) {
                LOG.error("{}: its sender may be told of the delay once more", message.id(), e);
            }
        }
    }

    private static List<RecipientResult> with(Outcome outcome, List<RecipientResult> results) {
        return results.stream().filter(result -> result.outcome() == outcome).toList();
    }

    private static List<RecipientResult> expired(List<RecipientResult> results) {
        return results.stream()
                .map(r -> r.outcome() == Outcome.DEFERRED ? with(r, Outcome.BOUNCED) : r)
                .toList();
    }

    private static RecipientResult asDeferred(RecipientResult result) {
        return result.outcome() == Outcome.BOUNCED ? with(result, Outcome.DEFERRED) : result;
    }

    private static RecipientResult with(RecipientResult result, Outcome outcome) {
        return new RecipientResult(
                result.recipient(),
                outcome,
                result.reply(),
                result.nextHop(),
                result.host(),
                result.verdict());
    }

    /** At the same time, so that no next hop's recipients wait for another's. */
    private void tryAll(List<HopAttempt> attempts) {
        if (attempts.size() == 1) {
            tryOne(attempts.getFirst());
            return;
        }
        var places = new Semaphore(MOST_NEXT_HOPS);
        try (var hops = Executors.newVirtualThreadPerTaskExecutor()) {
            for (HopAttempt attempt : attempts) {
                places.acquireUninterruptibly();
                hops.execute(() -> {
                    try {
                        tryOneOfSeveral(attempt);
                    } finally {
                        places.release();
                    }
                });
            }
        }
    }

    /** Whose next hop has no place now waits for it alone; the other recipients do not. */
    private void tryOneOfSeveral(HopAttempt attempt) {
        String nextHop = attempt.route.nextHop().text();
        switch (destinations.ask(nextHop, destinations.isPaused(nextHop))) {
            case Answer.Granted(Place place) -> {
                try {
                    tryOne(attempt);
                } finally {
                    destinations.leave(place);
                }
            }
            case Answer.Later _ -> {
                attempt.tell(
                        attempt.recipients,
                        "4.4.5 as much mail as may be is on its way to " + nextHop + " now",
                        false);
                attempt.finish();
            }
        }
    }

    private void tryOne(HopAttempt attempt) {
        try {
            toNextHop(attempt, attempt.recipients);
        } catch (RuntimeException e) {
            LOG.error(
                    "{}: the delivery attempt failed in Sealpost itself", attempt.message.id(), e);
            attempt.tellRest(attempt.recipients, INTERNAL_ERROR);
        }
        try {
            attempt.finish();
        } catch (RuntimeException e) {
            // Whoever got the message must not get it again because of its log line.
            LOG.error("{}: the attempt could not be told", attempt.message.id(), e);
        }
    }

    private void toNextHop(HopAttempt attempt, List<Recipient> recipients) {
        Routed route = attempt.route;
        if (destinations.isPaused(route.nextHop().text())) {
            attempt.tell(
                    recipients,
                    "4.4.1 no server of "
                            + route.nextHop()
                            + " could be reached lately; it is asked again soon",
                    false);
            return;
        }
        switch (policies.lookup(route.nextHop())) {
            case PolicyLookup.Unusable(
                            var keys,
                            String key,
                            TlsLevel level,
                            String reason,
                            String remedy) -> {
                LOG.warn("next-hop destination {}: {} (tried {})", route.nextHop(), reason, keys);
                attempt.ruled(TlsJudge.unusable(level, key, reason, remedy), null);
                attempt.tell(recipients, "4.7.5 client TLS configuration problem", false);
            }
            case PolicyLookup.Found found -> tryServers(attempt, found, recipients);
        }
    }

    private void tryServers(
            HopAttempt attempt, PolicyLookup.Found found, List<Recipient> recipients) {
        String hostname = settings.get(GeneralSettings.SECTION).hostname();
        switch (targets.find(attempt.route.nextHop(), hostname)) {
            case Found.Nowhere(boolean permanent, String code, String text) ->
                    attempt.tell(recipients, code + " " + text, permanent);
            case Found.Servers(List<Target> servers) -> {
                attempt.reuse =
                        found.policy() == null
                                || !"no".equals(found.policy().attributes().connectionReuse());
                var request =
                        new Request(
                                found.requirement(),
                                hostname,
                                Duration.between(attempt.message.receivedAt(), clock.instant()),
                                attempt.route.way().fromOr(usualSources()),
                                observation -> attempt.observation = observation);
                // RFC 5321 §4.5.3.1.8: a server must take a hundred at a time, not more.
                for (int i = 0; i < recipients.size(); i += MOST_RECIPIENTS) {
                    tryServers(
                            attempt,
                            servers,
                            request,
                            recipients.subList(
                                    i, Math.min(i + MOST_RECIPIENTS, recipients.size())));
                }
                destinations.tried(attempt.route.nextHop().text(), attempt.reached);
            }
        }
    }

    private void tryServers(
            HopAttempt attempt, List<Target> servers, Request request, List<Recipient> recipients) {
        List<Recipient> left = recipients;
        for (List<Target> host : Targets.byHost(servers)) {
            var addresses = new ArrayList<>(host);
            while (!addresses.isEmpty()) {
                left = tryHost(attempt, addresses, request, left);
                if (left.isEmpty()) {
                    return;
                }
            }
        }
    }

    /**
     * Tries one session with a host, and takes off the list what need not be tried again.
     *
     * @return the recipients for whom another session may be tried
     */
    private List<Recipient> tryHost(
            HopAttempt attempt,
            List<Target> addresses,
            Request request,
            List<Recipient> recipients) {
        for (Target server : attempt.reuse ? List.copyOf(addresses) : List.<Target>of()) {
            Optional<Kept> kept = pool.take(key(server, request));
            if (kept.isPresent()) {
                attempt.approach(server);
                var next = overAgain(attempt, kept.get(), server, request, recipients);
                if (next.isPresent()) {
                    addresses.remove(server);
                    return next.get();
                }
                attempt.transcript.note("a new session is opened instead");
                break;
            }
        }
        return tryAnew(attempt, addresses, request, recipients);
    }

    private List<InetAddress> usualSources() {
        return SourceAddresses.read(settings.get(DeliverySettings.SECTION).sourceAddresses());
    }

    private static SessionPool.Key key(Target server, Request request) {
        return new SessionPool.Key(
                server, request.requirement(), request.hostname(), request.way());
    }

    /**
     * Sends over a session that earlier messages used, if the judge lets this one go over it, too.
     *
     * @return the recipients for whom the next server may be asked; empty when nothing was sent
     */
    private Optional<List<Recipient>> overAgain(
            HopAttempt attempt,
            Kept kept,
            Target server,
            Request request,
            List<Recipient> recipients) {
        OutboundSession session = kept.session();
        session.transport().tell(attempt.transcript);
        Verdict verdict =
                TlsJudge.judge(
                        request.requirement(),
                        session.peer(),
                        kept.observation(),
                        request.messageAge(),
                        request.hasCredentials(),
                        clock.instant());
        if (verdict instanceof Verdict.Defer) {
            session.close();
            return Optional.empty();
        }
        attempt.transcript.note("reusing the session with " + session.peer().text());
        if (verdict instanceof Verdict.DeliverEncrypted) {
            attempt.transcript.note(
                    SessionDetail.SUMMARY,
                    TlsLines.outbound(verdict.evidence(), session.peer())
                            .replaceFirst(" established to ", " reused to "));
        }
        attempt.ruled(verdict, session.peer());
        attempt.reached = true;
        return transact(attempt, kept, key(server, request), recipients);
    }

    private List<Recipient> tryAnew(
            HopAttempt attempt,
            List<Target> addresses,
            Request request,
            List<Recipient> recipients) {
        Duration delay = settings.get(DeliverySettings.SECTION).addressDelay();
        attempt.approach(addresses.getFirst());
        Opened opened =
                connector.open(
                        List.copyOf(addresses),
                        delay,
                        request,
                        attempt.transcript,
                        attempt::approach);
        addresses.removeAll(opened.used());
        Target server = opened.target();
        TlsPeer peer = server.peer();
        return switch (opened.result()) {
            case Result.Unreachable(String code, String text) -> {
                attempt.peer = peer;
                attempt.tell(recipients, code + " " + text, false);
                yield recipients;
            }
            case Result.Rejected(SmtpReply reply, String command) -> {
                attempt.peer = peer;
                attempt.tell(
                        recipients,
                        temporary(reply)
                                + " host "
                                + peer.bracketed()
                                + " refused to talk to me: "
                                + reply
                                + " (in reply to "
                                + command
                                + ")",
                        false);
                yield recipients;
            }
            case Result.Ruled(Verdict.Defer verdict) -> {
                attempt.reached = true;
                attempt.ruled(verdict, peer);
                if (!verdict.refusal().event().equals(verdict.refusal().text())) {
                    attempt.remark(verdict.refusal().event()); // else the result line tells it
                }
                attempt.tell(
                        recipients,
                        verdict.refusal().code() + " " + verdict.refusal().text(),
                        false);
                yield recipients;
            }
            case Result.Open(OutboundSession session) -> {
                attempt.reached = true;
                attempt.ruled(session.verdict(), peer);
                if (settings.get(TlsSettings.SECTION).noteStarttlsOffer()) {
                    TlsLines.unusedOffer(session.verdict().evidence(), peer)
                            .ifPresent(attempt::remark);
                }
                yield transact(
                                attempt,
                                Kept.opened(session, attempt.observation),
                                key(server, request),
                                recipients)
                        .orElseThrow();
            }
        };
    }

    /**
     * Sends the message, and keeps the session for another one when it is clean.
     *
     * @return empty when a used session was over and nothing was sent, so that it counts for
     *     nothing
     */
    private Optional<List<Recipient>> transact(
            HopAttempt attempt, Kept kept, SessionPool.Key key, List<Recipient> recipients) {
        OutboundSession session = kept.session();
        ClaimedMessage message = attempt.message;
        var transaction = new Transaction(session, TimeLimits.STANDARD);
        Map<Recipient, Told> told;
        boolean clean = false;
        try {
            told =
                    transaction.send(
                            message.envelope(),
                            recipients,
                            message.size(),
                            () -> queue.body(message.id()));
            clean = transaction.ended() == Ended.CLEAN && attempt.reuse && !isFallback(session);
        } finally {
            if (clean) {
                pool.giveBack(key, kept.used());
            } else {
                session.close();
            }
        }
        if (kept.isReused() && transaction.ended() == Ended.NOTHING_SENT) {
            return Optional.empty();
        }
        if (transaction.ended() == Ended.UNKNOWN) {
            unknown.increment();
            attempt.remark(
                    message.id()
                            + ": the server may have taken the message, but did not say so; it is"
                            + " sent again and may arrive twice");
        }
        boolean tellsItself = session.transport().supportsExtension("DSN");
        var next = new ArrayList<Recipient>();
        told.forEach((recipient, answer) -> {
            attempt.tell(recipient, answer.reply());
            if (answer.reply().isPositive() && !tellsItself) {
                attempt.relayed.add(recipient);
            }
            if (answer.mayTryNext()) {
                next.add(recipient);
            }
        });
        return Optional.of(next);
    }

    /** Clear text after a failed handshake is allowed for one message's age, not for the next's. */
    private static boolean isFallback(OutboundSession session) {
        return session.verdict() instanceof Verdict.DeliverClear clear
                && clear.reason() == Verdict.ClearReason.FALLBACK;
    }

    /** A server that turns us away does not return the message: whatever it says is temporary. */
    private static String temporary(SmtpReply reply) {
        EnhancedStatus status = reply.status();
        return status == null ? "4.0.0" : "4." + status.subject() + "." + status.detail();
    }

    /** What is known so far of the attempt at one next hop. */
    private final class HopAttempt implements Transcript.Listener {
        private final ClaimedMessage message;
        private final Routed route;
        private final List<Recipient> recipients;
        private final String session = UUID.randomUUID().toString();
        private final Transcript transcript = new Transcript(clock, this);
        private final Instant begun = clock.instant();
        private final Map<Recipient, RecipientResult> results = new LinkedHashMap<>();
        private final List<Recipient> relayed = new ArrayList<>();
        private @Nullable TlsPeer peer;
        private @Nullable VerdictDocument verdict;
        private TlsLevel level = TlsLevel.NONE;
        private TlsObservation observation = new TlsObservation.Unused(false);
        private boolean reuse;
        private boolean reached;
        private @Nullable TlsPeer approached;
        private int detail;

        HopAttempt(ClaimedMessage message, Routed route, List<Recipient> recipients) {
            this.message = message;
            this.route = route;
            this.recipients = recipients;
            this.detail = detail(List.of(route.nextHop().text()));
        }

        private int detail(List<String> names) {
            return details.outbound(names, settings.get(TlsSettings.SECTION).logLevel());
        }

        void approach(Target server) {
            approached = server.peer();
            detail =
                    detail(List.of(route.nextHop().text(), server.host(), server.peer().address()));
        }

        @Override
        public int detail() {
            return detail;
        }

        @Override
        public void hear(DeliveryAttempted.Step line) {
            tell(
                    new DeliveryStep(
                            clock.instant(),
                            session,
                            message.id().text(),
                            route.nextHop().text(),
                            approached == null ? null : approached.text(),
                            line.afterMillis(),
                            line.line()));
        }

        void ruled(Verdict ruling, @Nullable TlsPeer by) {
            verdict = ruling.document();
            level = ruling.evidence().level();
            peer = by;
            if (by != null && transcript.tells(SessionDetail.CHECKS)) {
                TlsLines.details(ruling.evidence(), by).forEach(transcript::note);
            }
        }

        /** Leaves a line in the log, at every level, and in the attempt's transcript. */
        void remark(String line) {
            transcript.note(0, line);
        }

        /** What a server has taken or refused for good stays so. */
        void tellRest(List<Recipient> recipients, String text) {
            recipients.stream()
                    .filter(recipient -> {
                        RecipientResult known = results.get(recipient);
                        return known == null || known.outcome() == Outcome.DEFERRED;
                    })
                    .forEach(recipient -> put(recipient, Outcome.DEFERRED, text));
        }

        /** The results of whom a server took that tells no sender of it. */
        List<RecipientResult> relayed() {
            return relayed.stream().map(results::get).toList();
        }

        void tell(List<Recipient> recipients, String text, boolean permanent) {
            recipients.forEach(recipient ->
                    put(recipient, permanent ? Outcome.BOUNCED : Outcome.DEFERRED, text));
        }

        void tell(Recipient recipient, SmtpReply reply) {
            put(
                    recipient,
                    reply.isPositive()
                            ? Outcome.DELIVERED
                            : reply.isPermanent() ? Outcome.BOUNCED : Outcome.DEFERRED,
                    reply.toString());
        }

        private void put(Recipient recipient, Outcome outcome, String text) {
            results.put(
                    recipient,
                    new RecipientResult(
                            recipient.address(),
                            outcome,
                            text,
                            route.nextHop().text(),
                            peer == null ? null : peer.text(),
                            verdict));
        }

        /** What became of each; who was told nothing waits. */
        List<RecipientResult> results() {
            tell(
                    recipients.stream().filter(one -> !results.containsKey(one)).toList(),
                    INTERNAL_ERROR,
                    false);
            return recipients.stream().map(results::get).toList();
        }

        void finish() {
            publish(results());
        }

        private String line(RecipientResult result) {
            String status =
                    switch (result.outcome()) {
                        case DELIVERED -> "sent";
                        case DEFERRED -> "deferred";
                        case BOUNCED -> "bounced";
                    };
            double delay =
                    Duration.between(message.receivedAt(), clock.instant()).toMillis() / 1000.0;
            return "%s: to=<%s>, relay=%s, delay=%.2f, dsn=%s, status=%s (%s)"
                    .formatted(
                            message.id(),
                            result.recipient(),
                            result.host() == null ? "none" : result.host(),
                            delay,
                            Notice.statusOf(result),
                            status,
                            result.reply());
        }

        private List<String> tlsLines() {
            return transcript.steps().stream()
                    .map(DeliveryAttempted.Step::line)
                    .filter(line ->
                            line.contains(" TLS connection established to ")
                                    || line.contains(" TLS connection reused to "))
                    .toList();
        }

        private void publish(List<RecipientResult> all) {
            List<String> tlsLines = tlsLines();
            RecipientResult worst =
                    all.stream().max(Comparator.comparing(RecipientResult::outcome)).orElseThrow();
            tell(
                    new DeliveryAttempted(
                            begun,
                            session,
                            message.id().text(),
                            route.nextHop().text(),
                            peer == null ? null : peer.text(),
                            level.word(),
                            worst.outcome().name().toLowerCase(Locale.ROOT),
                            line(worst),
                            tlsLines.isEmpty() ? null : tlsLines.getLast(),
                            verdict,
                            all.stream().map(one -> one.recipient().toString()).toList(),
                            all.stream().map(this::line).toList(),
                            transcript.steps()));
        }

        private void tell(Object event) {
            try {
                events.publishEvent(event);
            } catch (RuntimeException e) {
                LOG.error(
                        "an observer of message {} failed; the mail is not affected",
                        message.id(),
                        e);
            }
        }
    }
}

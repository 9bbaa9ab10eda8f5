package org.sealpost.delivery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Connector.Request;
import org.sealpost.delivery.Connector.Result;
import org.sealpost.delivery.RouteTable.Routed;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.delivery.Targets.Target;
import org.sealpost.delivery.Transaction.Told;
import org.sealpost.delivery.events.DeliveryAttempted;
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
import org.sealpost.tls.TlsJudge;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsLines;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.Verdict;
import org.sealpost.tls.VerdictDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** One attempt to deliver one claimed message to all its next hops. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final String INTERNAL_ERROR = "4.3.0 internal error, see the log";

    private final MailQueue queue;
    private final StoredRoutes routes;
    private final TlsPolicies policies;
    private final Targets targets;
    private final Connector connector;
    private final Notices notices;
    private final Settings settings;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Delivery(
            MailQueue queue,
            StoredRoutes routes,
            TlsPolicies policies,
            Targets targets,
            Connector connector,
            Notices notices,
            Settings settings,
            ApplicationEventPublisher events,
            Clock clock) {
        this.queue = queue;
        this.routes = routes;
        this.policies = policies;
        this.targets = targets;
        this.connector = connector;
        this.notices = notices;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
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
                    .computeIfAbsent(routes.route(recipient.address()), hop -> new ArrayList<>())
                    .add(recipient);
        }
        var results = new ArrayList<RecipientResult>();
        var relayed = new ArrayList<RecipientResult>();
        byNextHop.forEach((route, recipients) ->
                results.addAll(toNextHop(message, route, recipients, relayed)));
        List<RecipientResult> finished =
                clock.instant().isBefore(message.expiresAt()) ? results : expired(results);
        // The sender is told before the recipients count as settled: a crash in between tells
        // twice.
        queue.settle(message.id(), new AttemptResult(begun, told(message, finished, relayed)));
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

    private List<RecipientResult> toNextHop(
            ClaimedMessage message,
            Routed route,
            List<Recipient> recipients,
            List<RecipientResult> relayed) {
        var attempt = new HopAttempt(message, route, new Transcript(clock));
        try {
            toNextHop(attempt, recipients);
        } catch (RuntimeException e) {
            LOG.error("{}: the delivery attempt failed in Sealpost itself", message.id(), e);
            attempt.tellRest(recipients, INTERNAL_ERROR);
        }
        relayed.addAll(attempt.relayed());
        return attempt.finish(recipients);
    }

    private void toNextHop(HopAttempt attempt, List<Recipient> recipients) {
        Routed route = attempt.route;
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
                var request =
                        new Request(
                                found.requirement(),
                                hostname,
                                Duration.between(attempt.message.receivedAt(), clock.instant()),
                                attempt.route.credentials());
                List<Recipient> left = recipients;
                for (Target server : servers) {
                    left = tryServer(attempt, server, request, left);
                    if (left.isEmpty()) {
                        return;
                    }
                }
            }
        }
    }

    /** Returns the recipients for whom the next server may be asked. */
    private List<Recipient> tryServer(
            HopAttempt attempt, Target server, Request request, List<Recipient> recipients) {
        var peer = new TlsPeer(server.host(), server.address().getHostAddress(), server.port());
        switch (connector.open(server, request, attempt.transcript)) {
            case Result.Unreachable(String code, String text) -> {
                attempt.peer = peer;
                attempt.tell(recipients, code + " " + text, false);
                return recipients;
            }
            case Result.Rejected(SmtpReply reply, String command) -> {
                attempt.peer = peer;
                attempt.tell(
                        recipients,
                        statusOf(reply, "4")
                                + " host "
                                + peer.bracketed()
                                + " refused to talk to me: "
                                + reply
                                + " (in reply to "
                                + command
                                + ")",
                        false);
                return recipients;
            }
            case Result.Ruled(Verdict.Defer verdict) -> {
                attempt.ruled(verdict, peer);
                if (!verdict.refusal().event().equals(verdict.refusal().text())) {
                    attempt.remark(verdict.refusal().event()); // else the result line tells it
                }
                attempt.tell(
                        recipients,
                        verdict.refusal().code() + " " + verdict.refusal().text(),
                        false);
                return recipients;
            }
            case Result.Open(OutboundSession session) -> {
                attempt.ruled(session.verdict(), peer);
                if (settings.get(TlsSettings.SECTION).noteStarttlsOffer()) {
                    TlsLines.unusedOffer(session.verdict().evidence(), peer)
                            .ifPresent(attempt::remark);
                }
                try (session) {
                    return transact(attempt, session, recipients);
                }
            }
        }
    }

    private List<Recipient> transact(
            HopAttempt attempt, OutboundSession session, List<Recipient> recipients) {
        ClaimedMessage message = attempt.message;
        Map<Recipient, Told> told =
                new Transaction(session, TimeLimits.STANDARD)
                        .send(
                                message.envelope(),
                                recipients,
                                message.size(),
                                () -> queue.body(message.id()));
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
        return next;
    }

    private static String statusOf(SmtpReply reply, String category) {
        return reply.status() != null && reply.isTransient()
                ? reply.status().toString()
                : category + ".0.0";
    }

    /** What is known so far of the attempt at one next hop. */
    private final class HopAttempt {
        private final ClaimedMessage message;
        private final Routed route;
        private final Transcript transcript;
        private final Instant begun = clock.instant();
        private final Map<Recipient, RecipientResult> results = new LinkedHashMap<>();
        private final List<Recipient> relayed = new ArrayList<>();
        private @Nullable TlsPeer peer;
        private @Nullable VerdictDocument verdict;
        private TlsLevel level = TlsLevel.NONE;

        HopAttempt(ClaimedMessage message, Routed route, Transcript transcript) {
            this.message = message;
            this.route = route;
            this.transcript = transcript;
        }

        void ruled(Verdict ruling, @Nullable TlsPeer by) {
            verdict = ruling.document();
            level = ruling.evidence().level();
            peer = by;
            if (by != null && settings.get(TlsSettings.SECTION).logLevel() > 1) {
                TlsLines.details(ruling.evidence(), by).forEach(line -> LOG.info("{}", line));
            }
        }

        /** Leaves a line in the log and in the attempt's transcript. */
        void remark(String line) {
            LOG.info("{}", line);
            transcript.note(line);
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

        List<RecipientResult> finish(List<Recipient> recipients) {
            List<RecipientResult> all = recipients.stream().map(results::get).toList();
            // As in Postfix's log, a session comes before the results it led to.
            if (settings.get(TlsSettings.SECTION).logLevel() > 0) {
                tlsLines().forEach(line -> LOG.info("{}", line));
            }
            all.forEach(this::log);
            publish(all);
            return all;
        }

        private void log(RecipientResult result) {
            LOG.info("{}", line(result));
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
                    .filter(line -> line.contains(" TLS connection established to "))
                    .toList();
        }

        private void publish(List<RecipientResult> all) {
            List<String> tlsLines = tlsLines();
            RecipientResult worst =
                    all.stream().max(Comparator.comparing(RecipientResult::outcome)).orElseThrow();
            try {
                events.publishEvent(
                        new DeliveryAttempted(
                                begun,
                                UUID.randomUUID().toString(),
                                message.id().text(),
                                route.nextHop().text(),
                                peer == null ? null : peer.text(),
                                level.word(),
                                worst.outcome().name().toLowerCase(Locale.ROOT),
                                line(worst),
                                tlsLines.isEmpty() ? null : tlsLines.getLast(),
                                verdict,
                                transcript.steps()));
            } catch (RuntimeException e) {
                LOG.error(
                        "an observer of message {} failed; the mail is not affected",
                        message.id(),
                        e);
            }
        }
    }
}

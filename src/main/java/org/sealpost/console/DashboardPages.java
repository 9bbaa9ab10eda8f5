package org.sealpost.console;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sealpost.certificate.CertificateExpiries;
import org.sealpost.certificate.CertificateExpiries.Expiry;
import org.sealpost.console.Dashboard.Attention;
import org.sealpost.console.Dashboard.Listener;
import org.sealpost.eventlog.ConnectionEvents;
import org.sealpost.eventlog.EventFilter;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.queue.QueuedMessages.HeldUp;
import org.sealpost.settings.ConfigurationFiles;
import org.sealpost.settings.ConfigurationFiles.Restoration;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.sealpost.smtp.Listeners;
import org.sealpost.smtp.Listeners.ListenerState;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.util.UriComponentsBuilder;

/** The first page. */
@Controller
class DashboardPages {

    private static final int NEWEST = 8;
    private static final int MOST_HELD_UP = 5;
    private static final long DAYS_AHEAD = 30;

    private static final Attention UNSAVED =
            new Attention(
                    "bad",
                    "device-ssd",
                    "A change of configuration could not be saved, so no mail is delivered.",
                    "Make room on the disk of sealpost.home and its folder config writable. It is"
                            + " tried again every 2 s.",
                    null,
                    "");

    private final Listeners listeners;
    private final QueuedMessages queue;
    private final SelfTestAttention selfTests;
    private final ConnectionEvents events;
    private final DayOfDeliveries day;
    private final TlsPolicies policies;
    private final CertificateExpiries certificates;
    private final ConfigurationFiles configuration;
    private final Settings settings;
    private final Clock clock;

    DashboardPages(
            Listeners listeners,
            QueuedMessages queue,
            SelfTestAttention selfTests,
            ConnectionEvents events,
            DayOfDeliveries day,
            TlsPolicies policies,
            CertificateExpiries certificates,
            ConfigurationFiles configuration,
            Settings settings,
            Clock clock) {
        this.listeners = listeners;
        this.queue = queue;
        this.selfTests = selfTests;
        this.events = events;
        this.day = day;
        this.policies = policies;
        this.certificates = certificates;
        this.configuration = configuration;
        this.settings = settings;
        this.clock = clock;
    }

    @GetMapping("/")
    String show(Model model) {
        Instant now = clock.instant();
        List<ListenerState> states = listeners.list();
        List<Expiry> expiries = certificates.all();
        model.addAttribute(
                "board",
                new Dashboard(
                        states.stream().map(DashboardPages::listener).toList(),
                        waiting(),
                        queue.page(new QueueFilter(null, "deferred", null), null, 1).stream()
                                .map(message -> QueueRow.of(message, now))
                                .findFirst()
                                .orElse(null),
                        day.counts(),
                        attention(states, expiries, now),
                        expiries.stream()
                                .map(expiry -> certificate(expiry, now))
                                .findFirst()
                                .orElse(null),
                        events.latest(EventFilter.ALL, null, NEWEST).stream()
                                .map(EventLine::of)
                                .toList()));
        return "dashboard";
    }

    private static Listener listener(ListenerState state) {
        String name = state.settings().name();
        if (state.problem() != null) {
            return new Listener(name, "down", state.problem());
        }
        return state.boundPort() > 0
                ? new Listener(name, "up", "port " + state.boundPort())
                : new Listener(name, "off", "switched off");
    }

    private Dashboard.Waiting waiting() {
        Map<String, Long> counts = queue.countByState();
        return new Dashboard.Waiting(
                counts.values().stream().mapToLong(Long::longValue).sum(),
                counts.getOrDefault("active", 0L),
                counts.getOrDefault("deferred", 0L),
                counts.getOrDefault("held", 0L));
    }

    private List<Attention> attention(
            List<ListenerState> states, List<Expiry> expiries, Instant now) {
        var attention = new ArrayList<Attention>();
        if (configuration.areBehind()) {
            attention.add(UNSAVED);
        }
        List<String> open = settings.get(RelaySettings.SECTION).open();
        if (!open.isEmpty()) {
            attention.add(openRelay(open));
        }
        configuration.restoration().map(DashboardPages::restored).ifPresent(attention::add);
        states.stream()
                .filter(state -> state.problem() != null)
                .map(state ->
                        new Attention(
                                "bad",
                                "plug-fill",
                                "The listener " + state.settings().name() + " is down.",
                                state.problem() + ". It is tried again every 10 s.",
                                null,
                                ""))
                .forEach(attention::add);
        queue.heldUpByTls(MOST_HELD_UP).stream().map(this::heldUp).forEach(attention::add);
        attention.addAll(selfTests.lately());
        expiries.stream()
                .filter(expiry -> expiry.daysLeft(now) < DAYS_AHEAD)
                .map(expiry -> expiring(expiry, now))
                .forEach(attention::add);
        return attention;
    }

    private static Attention openRelay(List<String> open) {
        return new Attention(
                "bad",
                "door-open",
                "This is an open relay: strangers may send through it.",
                String.join(", ", open) + " may relay.",
                "/settings/relay",
                "Change it");
    }

    private static Attention restored(Restoration restoration) {
        return new Attention(
                "warn",
                "arrow-counterclockwise",
                "The configuration was restored from its snapshot at the last start.",
                restoration.reason() + " " + restoration.result(),
                null,
                "");
    }

    private Attention heldUp(HeldUp hop) {
        String rule =
                RuleNow.of(policies, hop.nextHop(), null)
                        .map(now ->
                                now.key() == null
                                        ? "the default, level " + now.level()
                                        : "the rule " + now.key() + ", level " + now.level())
                        .orElse("no rule");
        String count =
                hop.messages() == 1
                        ? "1 message waits"
                        : "%d%s messages wait"
                                .formatted(hop.messages(), hop.orMore() ? " or more" : "");
        return new Attention(
                "bad",
                "shield-exclamation",
                count + " for " + hop.nextHop() + ": its TLS does not satisfy the rule.",
                "The next attempt goes by " + rule + ".",
                UriComponentsBuilder.fromPath("/queue")
                        .queryParam("state", "deferred")
                        .queryParam("nextHop", "{hop}")
                        .encode()
                        .buildAndExpand(hop.nextHop())
                        .toUriString(),
                "See them");
    }

    private static Attention expiring(Expiry expiry, Instant now) {
        long days = expiry.daysLeft(now);
        return new Attention(
                days < 7 ? "bad" : "warn",
                "calendar-x",
                "The %s certificate %s %s."
                        .formatted(
                                expiry.purpose(),
                                expiry.subject(),
                                days < 0
                                        ? "has expired"
                                        : days == 0
                                                ? "expires today"
                                                : days == 1
                                                        ? "expires tomorrow"
                                                        : "expires in " + days + " days"),
                "Renew it and upload the new one before then.",
                null,
                "");
    }

    private static Dashboard.Certificate certificate(Expiry expiry, Instant now) {
        return new Dashboard.Certificate(
                expiry.certificateId(),
                expiry.subject(),
                expiry.purpose(),
                When.of(expiry.notAfter(), now),
                expiry.daysLeft(now));
    }
}

package org.sealpost.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sealpost.certificate.CertificateExpiries;
import org.sealpost.certificate.CertificateExpiries.Expiry;
import org.sealpost.certificate.Certificates;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.sealpost.selftest.WorsenedTests;
import org.sealpost.settings.AlertSettings;
import org.sealpost.settings.SealpostHome;
import org.sealpost.smtp.Listeners;
import org.sealpost.smtp.Listeners.ListenerState;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What alerts are about. */
@Configuration(proxyBeanMethods = false)
class AlertSources {

    private static final List<Integer> THRESHOLDS = List.of(0, 1, 7, 14, 30);
    private static final Duration TLS_PATIENCE = Duration.ofHours(4);
    private static final int PAGE = 500;
    private static final int MOST_PAGES = 40;
    private static final long LOW_OCTETS = 2L * 1024 * 1024 * 1024;
    private static final double LOW_SHARE = 0.1;

    @Bean
    AlertSource expiringCertificates(CertificateExpiries expiries, Certificates certificates) {
        return now ->
                expiries.all().stream()
                        .filter(expiry -> expiry.daysLeft(now) <= THRESHOLDS.getLast())
                        .map(expiry -> expiring(expiry, certificates, now))
                        .toList();
    }

    private static Alert expiring(Expiry expiry, Certificates certificates, Instant now) {
        boolean over = now.isAfter(expiry.notAfter());
        int threshold =
                THRESHOLDS.stream()
                        .filter(days -> days > 0 || over)
                        .filter(days -> !expiry.notAfter().isAfter(now.plus(Duration.ofDays(days))))
                        .findFirst()
                        .orElse(THRESHOLDS.getLast());
        List<String> users =
                certificates.find(expiry.certificateId()).stream()
                        .flatMap(one -> one.usedBy().stream())
                        .toList();
        return new Alert(
                AlertSettings.CERTIFICATE_EXPIRING,
                "certificate " + expiry.certificateId() + " within " + threshold,
                "Certificate %d (%s, %s) %s %s. %s"
                        .formatted(
                                expiry.certificateId(),
                                expiry.subject(),
                                expiry.purpose(),
                                over ? "expired on" : "expires on",
                                expiry.notAfter(),
                                users.isEmpty()
                                        ? "Nothing uses it."
                                        : "Used by " + String.join(", ", users) + "."),
                true);
    }

    @Bean
    AlertSource downListeners(Listeners listeners) {
        return now -> down(listeners.list());
    }

    static List<Alert> down(List<ListenerState> listeners) {
        return listeners.stream()
                .filter(listener -> listener.problem() != null)
                .map(listener ->
                        new Alert(
                                AlertSettings.LISTENER_DOWN,
                                "listener " + listener.settings().name(),
                                "The listener %s is down: %s. It is tried again every 10 seconds."
                                        .formatted(listener.settings().name(), listener.problem()),
                                false))
                .toList();
    }

    @Bean
    AlertSource worsenedSelfTests(WorsenedTests tests) {
        return now ->
                tests.lately().stream()
                        .map(test ->
                                new Alert(
                                        AlertSettings.SELF_TEST_WORSE,
                                        "self-test " + test.testId(),
                                        "Self-test %d of %s found: %s"
                                                .formatted(
                                                        test.testId(),
                                                        test.subject(),
                                                        String.join(" ", test.changes())),
                                        true))
                        .toList();
    }

    /** Told well before the queue's reserve is reached, while a mail can still be queued. */
    @Bean
    AlertSource lowDisk(SealpostHome home) {
        return now -> {
            try {
                FileStore store = Files.getFileStore(home.resolve("."));
                return disk(store.getUsableSpace(), store.getTotalSpace());
            } catch (IOException e) {
                throw new UncheckedIOException("the free space of the disk cannot be read", e);
            }
        };
    }

    static List<Alert> disk(long usable, long total) {
        long low = Math.min(LOW_OCTETS, (long) (total * LOW_SHARE));
        return usable >= low
                ? List.of()
                : List.of(
                        new Alert(
                                AlertSettings.DISK_LOW,
                                "disk",
                                "Only %d MB are left on the disk of sealpost.home. When it is full, mail"
                                                .formatted(usable / 1_000_000)
                                        + " is refused for the time being (452 4.3.1). Make room.",
                                false));
    }

    @Bean
    AlertSource mailHeldByTls(QueuedMessages queue) {
        return now -> {
            var byNextHop = new LinkedHashMap<String, Integer>();
            var reasons = new LinkedHashMap<String, String>();
            QueueId last = null;
            for (int page = 0; page < MOST_PAGES; page++) {
                List<QueuedMessage> messages =
                        queue.page(new QueueFilter(null, "deferred", null), last, PAGE);
                for (QueuedMessage message : messages) {
                    if (message.receivedAt().isAfter(now.minus(TLS_PATIENCE))) {
                        return alerts(byNextHop, reasons); // all later ones are younger
                    }
                    count(message, byNextHop, reasons);
                }
                if (messages.size() < PAGE) {
                    break;
                }
                last = QueueId.parse(messages.getLast().id()).orElseThrow();
            }
            return alerts(byNextHop, reasons);
        };
    }

    /** Mail without a sender is a bounce or an alert: it must never cause another one. */
    private static void count(
            QueuedMessage message, Map<String, Integer> byNextHop, Map<String, String> reasons) {
        var verdict = message.lastVerdict();
        String nextHop = message.nextHop();
        if (verdict != null
                && verdict.outcome().equals("defer")
                && nextHop != null
                && !message.sender().isEmpty()) {
            byNextHop.merge(nextHop, 1, Integer::sum);
            reasons.putIfAbsent(nextHop, verdict.explanation() + " " + verdict.remedy());
        }
    }

    private static List<Alert> alerts(Map<String, Integer> byNextHop, Map<String, String> reasons) {
        return byNextHop.entrySet().stream()
                .map(hop ->
                        new Alert(
                                AlertSettings.TLS_DEFERRED,
                                "tls " + hop.getKey(),
                                "%d message%s for %s wait%s for more than 4 hours because of the TLS rule. %s"
                                        .formatted(
                                                hop.getValue(),
                                                hop.getValue() == 1 ? "" : "s",
                                                hop.getKey(),
                                                hop.getValue() == 1 ? "s" : "",
                                                reasons.getOrDefault(hop.getKey(), "")),
                                false))
                .toList();
    }
}

package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateQuery.Header;
import org.sealpost.certificate.events.CertificateExpiring;
import org.sealpost.settings.Snapshot;
import org.sealpost.settings.events.ConfigurationChanged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/** Watches when certificates end and tells of each threshold once, also across restarts. */
@Component
class ExpiryWatch implements CertificateExpiries {

    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWatch.class);

    /** In days, the nearest first; 0 is the end itself. */
    private static final List<Integer> THRESHOLDS = List.of(0, 1, 7, 14, 30);

    private final CertificateRows rows;
    private final Usage usage;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Snapshot<List<Expiry>> expiries = new Snapshot<>(this::load);

    ExpiryWatch(CertificateRows rows, Usage usage, ApplicationEventPublisher events, Clock clock) {
        this.rows = rows;
        this.usage = usage;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<Expiry> all() {
        return expiries.get();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @TransactionalEventListener
    @Order(Ordered.HIGHEST_PRECEDENCE + 1)
    void reload(ConfigurationChanged change) {
        if (change.object().equals("certificate")) {
            changed();
        }
    }

    /** Tells of every threshold that was passed since the last time. */
    @Transactional
    public void check() {
        Instant now = clock.instant();
        for (Expiry expiry : load()) {
            Integer threshold = threshold(expiry, now);
            if (threshold != null) {
                rows.findById(expiry.certificateId())
                        .filter(row -> row.reportExpiry(threshold))
                        .ifPresent(row -> publish(row, expiry, threshold));
            }
        }
        changed();
    }

    private static @Nullable Integer threshold(Expiry expiry, Instant now) {
        if (now.isAfter(expiry.notAfter())) {
            return 0;
        }
        return THRESHOLDS.stream()
                .filter(days -> days > 0)
                .filter(days -> !expiry.notAfter().isAfter(now.plusSeconds(days * 86_400L)))
                .findFirst()
                .orElse(null);
    }

    private void publish(CertificateEntity row, Expiry expiry, int threshold) {
        List<String> users = new ArrayList<>(usage.of(row, usage.successions()));
        users.addAll(usage.pinning(row.chain().getFirst()));
        String when =
                threshold == 0
                        ? "expired on " + expiry.notAfter()
                        : "expires within "
                                + (threshold == 1 ? "a day" : threshold + " days")
                                + ", on "
                                + expiry.notAfter();
        String text =
                "certificate %d (%s, %s) %s; %s"
                        .formatted(
                                row.id(),
                                expiry.subject(),
                                expiry.purpose(),
                                when,
                                users.isEmpty()
                                        ? "nothing uses it"
                                        : "used by " + String.join(", ", users));
        LOG.warn("{}", text);
        events.publishEvent(
                new CertificateExpiring(
                        row.id(),
                        expiry.purpose(),
                        expiry.subject(),
                        expiry.notAfter(),
                        threshold,
                        users,
                        text));
    }

    private void changed() {
        expiries.invalidate();
        listeners.forEach(Runnable::run);
    }

    private List<Expiry> load() {
        Successions successions = usage.successions();
        return rows.search("", "", "").stream()
                .filter(header -> successions.inForce(header.id()) == header.id())
                .map(this::expiry)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Expiry::notAfter))
                .toList();
    }

    private Optional<Expiry> expiry(Header header) {
        boolean bundle = Purpose.parse(header.purpose()).filter(Purpose::isAuthority).isPresent();
        return bundle
                ? rows.findById(header.id())
                        .flatMap(row ->
                                row.chain().stream()
                                        .min(Comparator.comparing(X509Certificate::getNotAfter)))
                        .map(first ->
                                new Expiry(
                                        header.id(),
                                        header.purpose(),
                                        first.getSubjectX500Principal().getName(),
                                        first.getNotAfter().toInstant()))
                : Optional.of(
                        new Expiry(
                                header.id(),
                                header.purpose(),
                                header.subject(),
                                header.notAfter()));
    }
}

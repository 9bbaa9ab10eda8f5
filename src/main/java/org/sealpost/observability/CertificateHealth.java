package org.sealpost.observability;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sealpost.certificate.CertificateExpiries;
import org.sealpost.certificate.CertificateExpiries.Expiry;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Tells which certificates end within 30 days or have ended. It is always up: an old certificate is
 * no reason for a supervisor to restart or bypass a relay that delivers.
 */
@Component("certificatesHealthIndicator")
class CertificateHealth implements HealthIndicator {

    private static final int SOON_DAYS = 30;
    private static final int MOST = 20;

    private final CertificateExpiries expiries;
    private final Clock clock;

    CertificateHealth(CertificateExpiries expiries, Clock clock) {
        this.expiries = expiries;
        this.clock = clock;
    }

    @Override
    public Health health() {
        Instant now = clock.instant();
        List<Expiry> soon =
                expiries.all().stream().filter(one -> one.daysLeft(now) < SOON_DAYS).toList();
        long expired = soon.stream().filter(one -> one.daysLeft(now) < 0).count();
        return Health.up()
                .withDetail("expired", expired)
                .withDetail("expiring", soon.size() - expired)
                .withDetail(
                        "first", soon.stream().limit(MOST).map(CertificateHealth::line).toList())
                .build();
    }

    private static Map<String, Object> line(Expiry expiry) {
        var line = new LinkedHashMap<String, Object>();
        line.put("id", expiry.certificateId());
        line.put("purpose", expiry.purpose());
        line.put("subject", expiry.subject());
        line.put("notAfter", expiry.notAfter());
        return line;
    }
}

package org.sealpost.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import org.sealpost.certificate.CertificateExpiries;
import org.sealpost.certificate.CertificateExpiries.Expiry;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The end of every stored certificate as a metric, in seconds since 1970. */
@Component
class CertificateMeters implements SmartLifecycle {

    private final CertificateExpiries expiries;
    private final MultiGauge ends;
    private volatile boolean running;

    CertificateMeters(CertificateExpiries expiries, MeterRegistry meters) {
        this.expiries = expiries;
        this.ends =
                MultiGauge.builder("sealpost.certificate.not.after")
                        .description("When the certificate expires, in seconds since 1970")
                        .baseUnit("seconds")
                        .register(meters);
    }

    @Override
    public void start() {
        expiries.onChange(this::refresh);
        running = true;
        refresh();
    }

    private void refresh() {
        if (running) {
            ends.register(expiries.all().stream().map(CertificateMeters::row).toList(), true);
        }
    }

    private static MultiGauge.Row<Number> row(Expiry expiry) {
        return MultiGauge.Row.of(
                Tags.of(
                        "id", Long.toString(expiry.certificateId()),
                        "purpose", expiry.purpose(),
                        "subject", expiry.subject()),
                expiry.notAfter().getEpochSecond());
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}

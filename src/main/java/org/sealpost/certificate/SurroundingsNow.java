package org.sealpost.certificate;

import java.time.Clock;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.springframework.stereotype.Component;

/** Gives what certificates are looked at against at this moment. */
@Component
class SurroundingsNow {

    private final Settings settings;
    private final StoredTrust trust;
    private final Clock clock;

    SurroundingsNow(Settings settings, StoredTrust trust, Clock clock) {
        this.settings = settings;
        this.trust = trust;
        this.clock = clock;
    }

    Surroundings get() {
        return new Surroundings(
                clock.instant(),
                settings.get(GeneralSettings.SECTION).hostname(),
                trust::issuersOf);
    }
}

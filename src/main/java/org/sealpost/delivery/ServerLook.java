package org.sealpost.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.events.DeliveryAttempted.Step;
import org.sealpost.tls.TlsObservation;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.Verdict;

/**
 * What delivery meets at one server before it would send mail.
 *
 * @param implicit whether TLS began with the first byte
 * @param stages those that were entered
 * @param failure why the last of them failed; null when the session opened or the judge ended it
 * @param verdict the ruling, as delivery gets it; null when the session broke before or behind it
 * @param observation what the judge was shown; null when nothing was
 */
public record ServerLook(
        TlsPeer peer,
        boolean implicit,
        List<Reached> stages,
        @Nullable String failure,
        @Nullable Verdict verdict,
        @Nullable TlsObservation observation) {

    public ServerLook {
        stages = List.copyOf(stages);
    }

    /** A stage that was entered, with its part of the dialogue. */
    public record Reached(Stage stage, long millis, List<Step> lines) {}
}

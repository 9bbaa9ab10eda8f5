package org.sealpost.certificate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One certificate taking another one's place.
 *
 * @param switchAt from when; null when it is only staged
 */
record Succession(long certificateId, long successorId, @Nullable Instant switchAt) {

    boolean hasSwitched(Instant now) {
        return switchAt != null && !now.isBefore(switchAt);
    }
}

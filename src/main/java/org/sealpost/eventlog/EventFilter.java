package org.sealpost.eventlog;

import org.jspecify.annotations.Nullable;

/**
 * Which events to show; a null field shows all.
 *
 * @param text found in text, peer, host or queue id
 */
public record EventFilter(
        @Nullable String direction, @Nullable String result, @Nullable String text) {

    public static final EventFilter ALL = new EventFilter(null, null, null);
}

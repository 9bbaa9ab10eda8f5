package org.sealpost.eventlog;

import org.jspecify.annotations.Nullable;

/** Takes {@code mx.example.com[192.0.2.1]:25} apart. */
final class PeerText {

    private PeerText() {}

    static @Nullable String host(@Nullable String peer) {
        int open = peer == null ? -1 : peer.lastIndexOf('[');
        return peer == null || open < 0 ? peer : peer.substring(0, open);
    }

    /** The address alone; one of IPv6 keeps its brackets. */
    static String withoutPort(String address) {
        return address.replaceFirst(":\\d+$", "");
    }

    /** Address and port; an IPv6 address keeps its brackets. */
    static @Nullable String address(@Nullable String peer) {
        int open = peer == null ? -1 : peer.lastIndexOf('[');
        if (peer == null || open < 0) {
            return peer;
        }
        String bracketed = peer.substring(open);
        return bracketed.indexOf(':') == bracketed.lastIndexOf(':')
                ? bracketed.replace("[", "").replace("]", "")
                : bracketed;
    }
}

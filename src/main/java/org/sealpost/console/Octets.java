package org.sealpost.console;

import java.util.Locale;

/** A number of octets in words. */
final class Octets {

    private Octets() {}

    static String words(long octets) {
        if (octets < 1_000) {
            return octets + " B";
        }
        if (octets < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f kB", octets / 1e3);
        }
        return String.format(Locale.ROOT, "%.1f MB", octets / 1e6);
    }
}

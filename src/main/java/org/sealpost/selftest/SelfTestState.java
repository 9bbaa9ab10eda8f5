package org.sealpost.selftest;

import java.util.Locale;

/** Where a self-test stands. */
enum SelfTestState {
    QUEUED,
    RUNNING,
    DONE,
    /** The test itself broke off, whatever the server is like. */
    FAILED,
    CANCELLED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

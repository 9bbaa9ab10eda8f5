/**
 * Connection events: a ring in memory for the live view, a table written in batches for finding
 * them afterwards.
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "tls",
            "certificate::events",
            "queue::events",
            "smtp::events",
            "delivery::events",
            "selftest::events"
        })
@NullMarked
package org.sealpost.eventlog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

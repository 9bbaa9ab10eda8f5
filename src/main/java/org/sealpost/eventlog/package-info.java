/**
 * Connection events: a ring in memory for the live view, a table written in batches for finding
 * them afterwards, and the lines of the mail log in Postfix's form.
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "settings::events",
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

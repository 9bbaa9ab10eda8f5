/** Health indicators, meters, and mail to a person about what needs one. */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "tls",
            "certificate",
            "queue",
            "queue::events",
            "smtp",
            "smtp::events",
            "delivery::events",
            "selftest"
        })
@NullMarked
package org.sealpost.observability;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

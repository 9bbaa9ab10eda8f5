/** Health indicators and meters. */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "certificate",
            "queue",
            "queue::events",
            "smtp",
            "smtp::events",
            "delivery::events"
        })
@NullMarked
package org.sealpost.observability;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/**
 * Delivery of queued mail: routes, MX and addresses, the outbound session on Jakarta Mail under the
 * policy's requirement, the reading of replies, and bounces. Nothing is sent before the judge has
 * ruled on the session.
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "settings::events",
            "certificate",
            "tls",
            "policy",
            "queue",
            "standards",
            "smtp"
        })
@NullMarked
package org.sealpost.delivery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

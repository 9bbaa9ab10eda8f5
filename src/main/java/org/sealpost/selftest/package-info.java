/**
 * Self-tests of listeners and destinations by the code that delivers, their results and the queue
 * they wait in.
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "settings::events",
            "certificate",
            "tls",
            "policy",
            "standards",
            "delivery",
            "delivery::events",
            "smtp"
        })
@NullMarked
package org.sealpost.selftest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

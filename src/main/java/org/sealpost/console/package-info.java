/**
 * The browser console: pages that call a module's door, fill a view record and choose a template.
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "settings::events",
            "certificate",
            "tls",
            "account",
            "policy",
            "policy::postfix",
            "queue",
            "smtp",
            "smtp::events",
            "delivery",
            "delivery::events",
            "selftest",
            "migration",
            "eventlog",
            "audit"
        })
@NullMarked
package org.sealpost.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

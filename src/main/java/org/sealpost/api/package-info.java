/** The REST API under /api/v1: records in and out, problem details for every error (RFC 9457). */
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
package org.sealpost.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/**
 * Moving from Postfix: reads {@code main.cf}, {@code master.cf}, {@code tls_policy} and {@code
 * transport}, says of every parameter what becomes of it and why, and makes TLS defaults, settings,
 * routes and policies of them in one transaction. Nothing that Postfix was told about security is
 * dropped in silence: what has no counterpart here is refused with a cure.
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "certificate",
            "tls",
            "policy",
            "policy::postfix",
            "queue",
            "delivery"
        })
@NullMarked
package org.sealpost.migration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

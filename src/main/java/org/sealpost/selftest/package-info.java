/**
 * Self-tests of listeners and destinations by the code that delivers. Reserved; nothing is built
 * here yet.
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "certificate",
            "tls",
            "policy",
            "standards",
            "delivery",
            "smtp"
        })
@NullMarked
package org.sealpost.selftest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

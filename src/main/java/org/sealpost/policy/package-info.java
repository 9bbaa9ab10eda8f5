/**
 * The TLS policy table with the lookup of Postfix's tls_policy: which requirement holds for a next
 * hop, and which rule and key said so. Lookups read one immutable snapshot in memory; a rule that
 * cannot be honoured makes the mail wait, it never falls back to a weaker one.
 */
@ApplicationModule(
        allowedDependencies = {"mail", "settings", "settings::events", "certificate", "tls"})
@NullMarked
package org.sealpost.policy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

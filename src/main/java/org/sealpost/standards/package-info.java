/**
 * Standards on top of the policy table: MTA-STS, DANE and TLS reporting. Reserved; nothing is built
 * here yet.
 */
@ApplicationModule(allowedDependencies = {"mail", "settings", "certificate", "tls", "queue"})
@NullMarked
package org.sealpost.standards;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/**
 * Certificates and keys: reading PEM, fingerprints, trust anchors and the server's own identity.
 * Private keys leave this module only inside a TLS context and are encrypted at rest. Chain
 * validation against a policy belongs to the tls module.
 */
@ApplicationModule(allowedDependencies = {"mail", "settings", "settings::events"})
@NullMarked
package org.sealpost.certificate;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

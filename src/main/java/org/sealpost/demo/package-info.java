/**
 * The profile {@code demo}: partner servers inside the process, each with its own fault, and the
 * rules, certificates and mail that show every screen alive. Nothing of it runs without the
 * profile. What it sets up it asks of the REST API, as any other client would.
 */
@ApplicationModule(allowedDependencies = {"settings", "certificate"})
@NullMarked
package org.sealpost.demo;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/**
 * What TLS is asked to prove and whether it did. TlsJudge turns a requirement, what a handshake
 * showed and the time into one verdict; it is the only place where a certificate, a name or a pin
 * is ever checked. Connections and their sockets belong to smtp and delivery.
 */
@ApplicationModule(allowedDependencies = {"mail", "settings", "certificate"})
@NullMarked
package org.sealpost.tls;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

/**
 * The listeners that receive mail: sockets, TLS, SMTP commands, relay permission and the Received
 * line. SubEthaSMTP supplies the session loop and the line reader; every command that decides
 * anything is ours (RFC 5321, RFC 3207, RFC 4954).
 */
@ApplicationModule(
        allowedDependencies = {
            "mail",
            "settings",
            "settings::events",
            "certificate",
            "tls",
            "queue",
            "account"
        })
@NullMarked
package org.sealpost.smtp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

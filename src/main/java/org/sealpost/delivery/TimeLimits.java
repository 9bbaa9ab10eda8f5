package org.sealpost.delivery;

import java.time.Duration;

/**
 * How long a server may take (RFC 5321 §4.5.3.2).
 *
 * @param connect to accept the connection
 * @param greeting to greet, and to answer EHLO and STARTTLS
 * @param handshake for each read of the TLS handshake
 * @param command to answer MAIL and RCPT
 * @param finalReply to answer DATA and the whole message
 */
record TimeLimits(
        Duration connect,
        Duration greeting,
        Duration handshake,
        Duration command,
        Duration finalReply) {

    static final TimeLimits STANDARD =
            new TimeLimits(
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10));

    /** For somebody who waits in front of a screen and sends no mail. */
    static final TimeLimits ON_REQUEST =
            new TimeLimits(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20));
}

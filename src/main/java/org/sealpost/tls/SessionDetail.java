package org.sealpost.tls;

import java.net.InetAddress;
import java.util.List;

/**
 * How much is told of a session, 0 to 4 as Postfix counts its TLS log levels: 1 tells each TLS
 * session in a line, 2 and 3 also certificates and checks, 4 also the dialogue. The octets of
 * handshakes and sessions, which Postfix writes at 3 and 4, are not written. Bodies and passwords
 * are told at none.
 */
public interface SessionDetail {

    /** A line for each TLS session. */
    int SUMMARY = 1;

    /** Certificates and checks. */
    int CHECKS = 2;

    /** Commands and replies. */
    int DIALOGUE = 4;

    /**
     * For a session from a client.
     *
     * @param standard what holds for clients that nobody watches
     */
    int inbound(InetAddress client, int standard);

    /**
     * For a session to a server.
     *
     * @param names next hop, host and address, as far as known
     * @param standard what holds for servers that nobody watches
     */
    int outbound(List<String> names, int standard);
}

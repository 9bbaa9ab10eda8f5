package org.sealpost.delivery;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.PresentedCertificate;
import org.sealpost.tls.VerdictDocument;
import org.sealpost.tls.VerdictDocument.CheckDocument;

/** Looks at the certificates that other servers show, on request and without sending mail. */
public interface PresentedChains {

    /**
     * Connects as delivery would, up to the second EHLO. Needs {@code certificates:write}.
     *
     * @param nextHop as in a rule, e.g. {@code [mx.example.com]:25}
     * @param connect {@code auto}, {@code starttls} or {@code implicit}; null is auto
     * @throws org.sealpost.mail.InvalidInput when it is no next hop
     * @throws org.sealpost.mail.NotAllowed when the caller may not connect there
     * @throws org.sealpost.mail.Conflict when too many look at the same time
     */
    PresentedChain fetch(@Nullable String nextHop, @Nullable String connect);

    /**
     * What one of our own listeners shows; no guard is asked, so the place must come from its
     * settings. Needs {@code certificates:read}.
     *
     * @param name the server name to ask for (SNI)
     */
    PresentedChain ofListener(String name, InetAddress address, int port, boolean implicit);

    /**
     * What a server showed.
     *
     * @param connect {@code starttls} or {@code implicit}
     * @param server as the log names it; null when none was reached
     * @param protocol null without TLS
     * @param cipher null without TLS
     * @param status {@code Anonymous}, {@code Untrusted}, {@code Trusted} or {@code Verified}; null
     *     without TLS
     * @param checks measured against level secure, or against the rule when it is verify or secure
     * @param chain leaf first, as shown; empty when there was no handshake
     * @param explanation what was found, in a sentence
     * @param remedy what to do; empty when there is nothing to do
     * @param rule what the next hop's present rule rules on the same session; null without one that
     *     can be judged
     * @param warning what this look cannot prove
     */
    record PresentedChain(
            String nextHop,
            String connect,
            @Nullable String server,
            @Nullable String protocol,
            @Nullable String cipher,
            @Nullable String status,
            List<CheckDocument> checks,
            List<PresentedCertificate> chain,
            String explanation,
            String remedy,
            @Nullable VerdictDocument rule,
            String warning) {}
}

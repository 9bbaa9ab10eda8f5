package org.sealpost.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.tls.Verdict.Evidence;

/** TLS sessions in one line each, word for word as Postfix logs them (semantics 1.9). */
public final class TlsLines {

    private TlsLines() {}

    /** {@code Verified TLS connection established to mx[192.0.2.1]:25: TLSv1.3 with cipher ..}. */
    public static String outbound(Evidence evidence, TlsPeer peer) {
        if (evidence.status() == null || evidence.protocol() == null || evidence.cipher() == null) {
            throw new IllegalArgumentException("a session without TLS has no TLS line");
        }
        return evidence.status().word()
                + " TLS connection established to "
                + peer.text()
                + ": "
                + session(evidence.protocol(), evidence.cipher());
    }

    /**
     * {@code Host offered STARTTLS: [mx.example.com]} when a rule of level none left the offer
     * unused; empty in every other case.
     */
    public static Optional<String> unusedOffer(Evidence evidence, TlsPeer peer) {
        boolean unused =
                evidence.level() == TlsLevel.NONE
                        && evidence.checks().stream()
                                .anyMatch(check -> check.seen().equals(TlsJudge.OFFERED_UNUSED));
        return unused
                ? Optional.of("Host offered STARTTLS: [" + peer.host() + "]")
                : Optional.empty();
    }

    /**
     * The certificate and each check, as Postfix tells them at log level 2: {@code
     * mx[192.0.2.1]:25: subject=.., issuer=.., cert fingerprint=.., pkey_fingerprint=..}.
     */
    public static List<String> details(Evidence evidence, TlsPeer peer) {
        var lines = new ArrayList<String>();
        if (!evidence.chain().isEmpty()) {
            X509Certificate leaf = evidence.chain().getFirst();
            lines.add(
                    "%s: subject=%s, issuer=%s, cert fingerprint=%s, pkey_fingerprint=%s"
                            .formatted(
                                    peer.text(),
                                    printable(leaf.getSubjectX500Principal().getName()),
                                    printable(leaf.getIssuerX500Principal().getName()),
                                    Fingerprint.ofCertificate(leaf, Digest.SHA256).colonText(),
                                    Fingerprint.ofPublicKey(leaf, Digest.SHA256).colonText()));
        }
        evidence.checks().stream()
                .filter(check -> check.result() != TlsCheck.Result.SKIP)
                .map(check ->
                        "%s: %s %s: expected %s, seen %s"
                                .formatted(
                                        peer.text(),
                                        check.name().word(),
                                        check.result().word(),
                                        printable(check.expected()),
                                        printable(check.seen())))
                .forEach(lines::add);
        return lines;
    }

    /** A server chooses these texts, and must not be able to begin a line of the log. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * {@code TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)}.
     *
     * @param cipher the suite as OpenSSL names it
     */
    public static String session(String protocol, String cipher) {
        int bits = cipher.contains("128") ? 128 : 256;
        return protocol + " with cipher " + cipher + " (" + bits + "/" + bits + " bits)";
    }
}

package org.sealpost.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.sealpost.testing.TestCa.Identity;

/** Servers as tables name them: by the certificate they show or by how they fail. */
public final class ServerKinds {

    private static final String SUITE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

    private final Map<String, Identity> certificates = new LinkedHashMap<>();

    /**
     * Makes their certificates.
     *
     * @param ca the authority of all but {@code foreign} and {@code selfsigned}
     * @param host the name of the server
     * @param domain the next hop's, which may be the same
     */
    public ServerKinds(TestCa ca, TestCa foreign, String host, String domain) {
        certificates.put("right", ca.leaf(host).issue());
        certificates.put("apex", ca.leaf(domain).issue());
        certificates.put("below", ca.leaf("a." + domain).issue());
        certificates.put("deep", ca.leaf("a.b." + domain).issue());
        certificates.put("wildcard", ca.leaf("*." + domain).issue());
        certificates.put("wrongname", ca.leaf("mx.example.net").issue());
        certificates.put(
                "cnonly", ca.leaf("x").subject("CN=" + host).withoutAlternativeNames().issue());
        certificates.put("cnignored", ca.leaf("mx.example.net").subject("CN=" + host).issue());
        certificates.put("expired", ca.leaf(host).expired().issue());
        certificates.put("notyet", ca.leaf(host).notYetValid().issue());
        certificates.put("forclients", ca.leaf(host).forClients().issue());
        certificates.put("foreign", foreign.leaf(host).issue());
        certificates.put("selfsigned", TestCa.selfSigned(host));
    }

    /** The certificate a kind of server shows. */
    public Identity identity(String kind) {
        return certificates.getOrDefault(kind, right());
    }

    private Identity right() {
        return Objects.requireNonNull(certificates.get("right"));
    }

    /** Makes a server behave as its kind does. */
    public void apply(SmtpPeer peer, String kind) {
        if (!kind.equals("absent")) {
            peer.offersStarttls(identity(kind));
        }
        switch (kind) {
            case "refused-4xx" -> peer.answers(PeerStep.STARTTLS, "454 4.7.0 not now");
            case "refused-5xx" -> peer.answers(PeerStep.STARTTLS, "502 5.5.1 not here");
            case "refused-babble" -> peer.answers(PeerStep.STARTTLS, "what is it?");
            case "refused-cut" -> peer.drops(PeerStep.STARTTLS);
            case "broken" -> peer.drops(PeerStep.HANDSHAKE);
            case "babble" -> peer.answers(PeerStep.HANDSHAKE, "what is it?");
            case "silent-handshake" -> peer.fallsSilent(PeerStep.HANDSHAKE);
            case "tls12" -> peer.offersStarttls(right(), "TLSv1.2");
            case "tls13" -> peer.offersStarttls(right(), "TLSv1.3");
            case "aes128" -> peer.offersOnlySuite(right(), SUITE);
            case "by-sni" -> peer.offersBySni(right(), identity("wrongname"));
            case "implicit" -> peer.beginsWithTls(right());
            case "banner-4xx" -> peer.answers(PeerStep.CONNECT, "421 4.3.2 busy");
            case "banner-5xx" -> peer.answers(PeerStep.CONNECT, "554 5.3.2 go away");
            case "banner-babble" -> peer.answers(PeerStep.CONNECT, "HTTP/1.1 400 what?");
            case "banner-cut" -> peer.drops(PeerStep.CONNECT);
            case "silent-banner" -> peer.fallsSilent(PeerStep.CONNECT);
            case "ehlo-5xx" -> peer.answers(PeerStep.EHLO, "502 5.5.1 what is it?");
            case "ehlo-cut" -> peer.drops(PeerStep.EHLO);
            case "silent-ehlo" -> peer.fallsSilent(PeerStep.EHLO);
            case "again-5xx" -> peer.answers(PeerStep.EHLO_AGAIN, "502 5.5.1 what is it?");
            case "again-cut" -> peer.drops(PeerStep.EHLO_AGAIN);
            case "silent-again" -> peer.fallsSilent(PeerStep.EHLO_AGAIN);
            case "absent" -> {}
            default -> {
                if (!certificates.containsKey(kind)) {
                    throw new IllegalArgumentException(kind);
                }
            }
        }
    }
}

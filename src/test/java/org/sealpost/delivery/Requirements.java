package org.sealpost.delivery;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.mail.NextHop;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Pin;
import org.sealpost.tls.Protocols;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.TlsRequirement.Connect;

/** Requirements for the next hop example.com, written as {@code match=nexthop pin=key}. */
final class Requirements {

    private Requirements() {}

    /**
     * Reads a requirement.
     *
     * @param rule any of {@code match protocols exclude connect} as in a policy, {@code pin} =
     *     cert, key, md5 or other, {@code anchor} = ca, own or none
     * @param shown the server's identity, which {@code pin} and {@code anchor} speak of
     */
    static TlsRequirement of(String level, String rule, TestCa ca, Identity shown) {
        TlsLevel known = TlsLevel.parse(level).orElseThrow();
        Map<String, String> words =
                Arrays.stream(rule.split(" "))
                        .filter(word -> !word.isEmpty())
                        .map(word -> word.split("=", 2))
                        .collect(Collectors.toMap(word -> word[0], word -> word[1]));
        String names = known == TlsLevel.SECURE ? "nexthop:dot-nexthop" : "hostname";
        return new TlsRequirement(
                NextHop.parse("example.com").orElseThrow(),
                known,
                words.getOrDefault("connect", "auto").equals("implicit")
                        ? Connect.IMPLICIT
                        : Connect.AUTO,
                Protocols.parse("protocols", words.getOrDefault("protocols", ">=TLSv1.2"))
                        .versions(),
                Ciphers.of(
                        "ciphers",
                        "medium",
                        Ciphers.exclusions("exclude", words.getOrDefault("exclude", ""))),
                Arrays.stream(words.getOrDefault("match", names).split(":"))
                        .map(name -> NamePattern.parse(name).orElseThrow())
                        .toList(),
                List.of(pin(words.getOrDefault("pin", "cert"), shown.leaf(), ca.certificate())),
                switch (words.getOrDefault("anchor", "ca")) {
                    case "ca" -> Set.of(new TrustAnchor(ca.certificate(), null));
                    case "own" -> Set.of(new TrustAnchor(shown.leaf(), null));
                    case "none" -> Set.of();
                    default -> throw new IllegalArgumentException(rule);
                },
                null,
                null,
                null,
                known == TlsLevel.MAY ? Duration.ofMinutes(5) : null,
                3600,
                null,
                null);
    }

    private static Pin pin(String kind, X509Certificate leaf, X509Certificate other) {
        return switch (kind) {
            case "cert" ->
                    new Pin(Pin.Kind.CERTIFICATE, Fingerprint.ofCertificate(leaf, Digest.SHA256));
            case "key" ->
                    new Pin(Pin.Kind.PUBLIC_KEY, Fingerprint.ofPublicKey(leaf, Digest.SHA512));
            case "md5" -> new Pin(Pin.Kind.EITHER, Fingerprint.ofCertificate(leaf, Digest.MD5));
            case "other" ->
                    new Pin(Pin.Kind.EITHER, Fingerprint.ofCertificate(other, Digest.SHA256));
            default -> throw new IllegalArgumentException(kind);
        };
    }
}

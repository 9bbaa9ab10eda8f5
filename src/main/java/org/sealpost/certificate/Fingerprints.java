package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Every fingerprint of a certificate, in the forms that other programs want.
 *
 * @param certificate digest word to upper-case hex pairs with colons, over the certificate
 * @param publicKey the same over its public key (SubjectPublicKeyInfo)
 * @param tlsa the data of TLSA records (RFC 6698) with upper-case hex: {@code 3 1 1} and {@code 3 0
 *     1} of the certificate, {@code 2 1 1} of each authority in its chain
 * @param postfixMatch what stands behind {@code match=} under {@code fingerprint}, with the digest
 *     sha256
 * @param plain both again as lower-case hex without colons
 * @param base64 both again in Base64, as {@code openssl dgst -binary | base64} writes it
 */
public record Fingerprints(
        Map<String, String> certificate,
        Map<String, String> publicKey,
        List<String> tlsa,
        String postfixMatch,
        Map<String, Map<String, String>> plain,
        Map<String, Map<String, String>> base64) {

    /** All fingerprints of a certificate that stands alone. */
    public static Fingerprints of(X509Certificate one) {
        return of(List.of(one));
    }

    /**
     * All fingerprints of a certificate.
     *
     * @param chain it first, then its issuers as far as known
     */
    public static Fingerprints of(List<X509Certificate> chain) {
        X509Certificate one = chain.getFirst();
        Function<Digest, Fingerprint> whole = digest -> Fingerprint.ofCertificate(one, digest);
        Function<Digest, Fingerprint> key = digest -> Fingerprint.ofPublicKey(one, digest);
        return new Fingerprints(
                all(whole, Fingerprint::colonText),
                all(key, Fingerprint::colonText),
                tlsa(chain),
                whole.apply(Digest.SHA256).colonText(),
                Map.of(
                        "certificate", all(whole, Fingerprint::hex),
                        "publicKey", all(key, Fingerprint::hex)),
                Map.of(
                        "certificate", all(whole, Fingerprints::base64),
                        "publicKey", all(key, Fingerprints::base64)));
    }

    /** RFC 7671 §5.1 and §5.2: 3 is the server's own certificate, 2 an authority it sends along. */
    private static List<String> tlsa(List<X509Certificate> chain) {
        var records = new ArrayList<String>();
        X509Certificate one = chain.getFirst();
        records.add("3 1 1 " + upper(Fingerprint.ofPublicKey(one, Digest.SHA256)));
        records.add("3 0 1 " + upper(Fingerprint.ofCertificate(one, Digest.SHA256)));
        chain.stream()
                .filter(authority -> authority.getBasicConstraints() >= 0)
                .map(authority -> Fingerprint.ofPublicKey(authority, Digest.SHA256))
                .forEach(authority -> records.add("2 1 1 " + upper(authority)));
        return records;
    }

    private static String upper(Fingerprint fingerprint) {
        return fingerprint.hex().toUpperCase(Locale.ROOT);
    }

    private static Map<String, String> all(
            Function<Digest, Fingerprint> of, Function<Fingerprint, String> form) {
        var values = new LinkedHashMap<String, String>();
        Arrays.stream(Digest.values())
                .forEach(digest -> values.put(digest.word(), form.apply(of.apply(digest))));
        return values;
    }

    private static String base64(Fingerprint fingerprint) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(fingerprint.hex()));
    }
}

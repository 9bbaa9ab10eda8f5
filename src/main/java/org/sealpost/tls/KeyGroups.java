package org.sealpost.tls;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sealpost.mail.InvalidInput;

/**
 * Groups for the key exchange (RFC 8446 §4.2.7) by the names of RFC 7919 and 8422 or OpenSSL. Those
 * of finite fields take the place of Postfix's {@code smtpd_tls_dh1024_param_file}.
 */
public final class KeyGroups {

    private static final List<String> KNOWN =
            List.of(
                    "x25519",
                    "x448",
                    "secp256r1",
                    "secp384r1",
                    "secp521r1",
                    "ffdhe2048",
                    "ffdhe3072",
                    "ffdhe4096",
                    "ffdhe6144",
                    "ffdhe8192");
    private static final Map<String, String> OPENSSL =
            Map.of(
                    "prime256v1", "secp256r1",
                    "p-256", "secp256r1",
                    "p-384", "secp384r1",
                    "p-521", "secp521r1");

    private KeyGroups() {}

    /**
     * Reads names; an empty list means what Java offers by itself.
     *
     * @param field the input's name, for the error
     * @return JSSE's names, in order
     * @throws InvalidInput for a name this runtime does not know, or one given twice
     */
    public static List<String> parse(String field, List<String> names) {
        var groups = new ArrayList<String>();
        for (String name : names) {
            String lower = name.strip().toLowerCase(Locale.ROOT);
            String group = OPENSSL.getOrDefault(lower, lower);
            if (!KNOWN.contains(group) || groups.contains(group)) {
                throw new InvalidInput(
                        field,
                        groups.contains(group)
                                ? "“" + name + "” stands there twice."
                                : "“" + name + "” is not a group this server can use.",
                        "Use " + String.join(", ", KNOWN) + ", each once.");
            }
            groups.add(group);
        }
        return List.copyOf(groups);
    }

    /**
     * Whether a server that offers these groups can present a certificate with this key. Java's TLS
     * leaves one aside whose key is on a curve that is not among them; in TLS 1.3 the groups say
     * nothing about the certificate (RFC 8446 §4.2.7), so any curve of TLS is right.
     *
     * @param groups as {@link #parse} answers them; empty for Java's own
     * @param versions the protocol versions offered
     */
    public static boolean canPresent(List<String> groups, List<String> versions, PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return true;
        }
        Optional<String> curve =
                KNOWN.stream()
                        .filter(group -> group.startsWith("secp"))
                        .filter(group -> order(group).equals(ec.getParams().getOrder()))
                        .findFirst();
        boolean only13 = versions.equals(List.of("TLSv1.3"));
        return curve.filter(name -> groups.isEmpty() || only13 || groups.contains(name))
                .isPresent();
    }

    private static BigInteger order(String curve) {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve));
            return parameters.getParameterSpec(ECParameterSpec.class).getOrder();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform knows " + curve, e);
        }
    }
}

package org.sealpost.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sealpost.mail.InvalidInput.Problem;

/** What is wrong with a certificate: what keeps it from being stored, and what only warns. */
final class Findings {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int KEY_CERT_SIGN = 5;

    private Findings() {}

    static List<Problem> weakKeys(List<X509Certificate> chain) {
        return chain.stream()
                .filter(certificate -> PrivateKeys.isWeak(certificate.getPublicKey()))
                .map(certificate ->
                        new Problem(
                                "file",
                                "The key of "
                                        + name(certificate)
                                        + " is too weak ("
                                        + PrivateKeys.describe(certificate.getPublicKey())
                                        + ").",
                                "Use RSA of 2048 bits or more, or EC of 256 bits or more."))
                .toList();
    }

    static List<String> warnings(
            Purpose purpose, List<X509Certificate> chain, Surroundings surroundings) {
        var warnings = new ArrayList<String>();
        for (X509Certificate certificate : chain) {
            String it =
                    certificate.equals(chain.getFirst()) ? "It" : "Its issuer " + name(certificate);
            validity(it, certificate, surroundings.now(), warnings);
            signature(it, certificate, warnings);
        }
        X509Certificate leaf = chain.getFirst();
        if (!purpose.isAuthority()
                && ChainStatus.of(chain, surroundings) == ChainStatus.INCOMPLETE) {
            warnings.add(
                    "The certificate of its issuer "
                            + ChainOrder.of(leaf, chain)
                                    .chain()
                                    .getLast()
                                    .getIssuerX500Principal()
                                    .getName()
                            + " is missing, so others may not trust it.");
        }
        usage(purpose, chain, warnings);
        if (purpose == Purpose.SERVER && !coversName(leaf, surroundings.hostname())) {
            warnings.add("It is not made for this server's name " + surroundings.hostname() + ".");
        }
        if (purpose.isIdentity() && !PrivateKeys.isForTls(leaf.getPublicKey())) {
            warnings.add(
                    "TLS here cannot present a certificate with an "
                            + PrivateKeys.describe(leaf.getPublicKey())
                            + " key; use RSA or EC for one that is to be served.");
        }
        return List.copyOf(warnings);
    }

    private static void validity(
            String it, X509Certificate certificate, Instant now, List<String> warnings) {
        Instant notBefore = certificate.getNotBefore().toInstant();
        Instant notAfter = certificate.getNotAfter().toInstant();
        if (now.isAfter(notAfter)) {
            warnings.add(it + " expired on " + notAfter + ".");
        }
        if (now.isBefore(notBefore)) {
            warnings.add(it + " is not valid before " + notBefore + ".");
        }
    }

    /** A root's own signature proves nothing, so its digest does not matter. */
    private static void signature(String it, X509Certificate certificate, List<String> warnings) {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        if (ChainOrder.sameName(certificate)) {
            return;
        }
        if (algorithm.startsWith("SHA1")) {
            warnings.add(it + " is signed with SHA-1, which can be forged.");
        }
        if (algorithm.startsWith("MD")) {
            warnings.add(it + " is signed with MD5, which can be forged.");
        }
    }

    private static void usage(Purpose purpose, List<X509Certificate> chain, List<String> warnings) {
        X509Certificate leaf = chain.getFirst();
        if (purpose == Purpose.SERVER && !allows(leaf, SERVER_AUTH)) {
            warnings.add("It is not made for servers: serverAuth is missing from its key usage.");
        }
        if (purpose == Purpose.CLIENT && !allows(leaf, CLIENT_AUTH)) {
            warnings.add("It is not made for clients: clientAuth is missing from its key usage.");
        }
        if (purpose.isAuthority()) {
            chain.stream()
                    .filter(certificate -> !mayVouch(certificate))
                    .forEach(certificate ->
                            warnings.add(
                                    name(certificate)
                                            + " is no authority: it may not vouch for others."));
        }
    }

    /** Without the extension every usage is allowed (RFC 5280 §4.2.1.12). */
    private static boolean allows(X509Certificate certificate, String usage) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null || usages.contains(usage) || usages.contains(ANY_USAGE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean mayVouch(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        boolean version1Root = certificate.getVersion() < 3 && ChainOrder.sameName(certificate);
        return version1Root
                || (certificate.getBasicConstraints() >= 0
                        && (usage == null || usage[KEY_CERT_SIGN]));
    }

    /** RFC 6125 §6.4.3: a star stands for one whole left-most label. */
    static boolean coversName(X509Certificate certificate, String hostname) {
        String host = hostname.toLowerCase(Locale.ROOT);
        int dot = host.indexOf('.');
        String star = dot < 0 ? host : "*" + host.substring(dot);
        return SubjectNames.dns(certificate).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals(host) || name.equals(star));
    }

    static String name(X509Certificate certificate) {
        return "“" + certificate.getSubjectX500Principal().getName() + "”";
    }
}

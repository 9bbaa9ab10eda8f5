package org.sealpost.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The names a certificate is made for. */
final class SubjectNames {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int MOST_TEXT = 20_000;

    private SubjectNames() {}

    static List<String> dns(X509Certificate certificate) {
        return ofType(certificate, DNS_NAME);
    }

    static List<String> addresses(X509Certificate certificate) {
        return ofType(certificate, IP_ADDRESS);
    }

    static List<String> all(X509Certificate certificate) {
        var names = new ArrayList<>(dns(certificate));
        names.addAll(addresses(certificate));
        return names;
    }

    /** All of them in lower case, for the search. */
    static String text(X509Certificate certificate) {
        String all =
                (certificate.getSubjectX500Principal().getName()
                                + " "
                                + String.join(" ", dns(certificate))
                                + " "
                                + String.join(" ", addresses(certificate)))
                        .toLowerCase(Locale.ROOT);
        return all.substring(0, Math.min(all.length(), MOST_TEXT));
    }

    private static List<String> ofType(X509Certificate certificate, int type) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(type))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}

package org.sealpost.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.NextHop;

/**
 * Matches the names in a certificate (Postfix semantics 1.4, RFC 6125): DNS alternative names, the
 * CN only when there are none, never IP addresses; a wildcard stands for exactly one whole left
 * label.
 */
final class PeerNames {

    private static final int DNS_NAME = 2;

    private PeerNames() {}

    /** The names a certificate carries, as written in it. */
    static List<String> of(X509Certificate certificate) {
        List<String> names = alternativeNames(certificate);
        return names.isEmpty() ? commonName(certificate).map(List::of).orElse(List.of()) : names;
    }

    /** Whether one of the patterns matches one of the names. */
    static boolean match(
            List<NamePattern> patterns, List<String> names, NextHop nextHop, TlsPeer peer) {
        return patterns.stream()
                .anyMatch(pattern ->
                        switch (pattern) {
                            case NamePattern.Hostname _ -> is(peer.host(), names);
                            case NamePattern.Nexthop _ -> is(nextHop.host(), names);
                            case NamePattern.DotNexthop _ -> isBelow(nextHop.host(), names);
                            case NamePattern.Exact(DomainName name) -> is(name.text(), names);
                            case NamePattern.Below(DomainName domain) ->
                                    isBelow(domain.text(), names);
                        });
    }

    private static boolean is(String wanted, List<String> names) {
        // An address literal is no name: DomainName refuses it, and nothing can match then.
        return DomainName.parse(wanted).stream()
                .anyMatch(name -> names.stream().anyMatch(shown -> covers(shown, name.text())));
    }

    private static boolean covers(String shown, String wanted) {
        if (shown.startsWith("*.")) {
            int dot = wanted.indexOf('.');
            return dot > 0
                    && canonical(shown.substring(2))
                            .filter(parent -> parent.indexOf('.') > 0) // never *.com
                            .filter(parent -> parent.equals(wanted.substring(dot + 1)))
                            .isPresent();
        }
        return canonical(shown).filter(wanted::equals).isPresent();
    }

    private static boolean isBelow(String domain, List<String> names) {
        return DomainName.parse(domain).stream()
                .anyMatch(parent ->
                        names.stream().anyMatch(shown -> endsBelow(shown, parent.text())));
    }

    private static boolean endsBelow(String shown, String parent) {
        String name = shown.startsWith("*.") ? "any" + shown.substring(1) : shown;
        return canonical(name).filter(full -> full.endsWith("." + parent)).isPresent();
    }

    private static Optional<String> canonical(String name) {
        return DomainName.parse(name).map(DomainName::text);
    }

    private static List<String> alternativeNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(DNS_NAME))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .reduce((first, last) -> last);
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}

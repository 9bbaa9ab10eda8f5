package org.sealpost.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.sealpost.certificate.reading.CertificateFiles;

/** The authorities the machine trusts: its CA bundle, or Java's own when it has none. */
final class SystemTrust {

    /** Where Debian and Red Hat, and the systems made from them, keep the bundle. */
    private static final List<Path> BUNDLES =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"));

    private SystemTrust() {}

    static Set<TrustAnchor> load() {
        return certificates()
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<X509Certificate> certificates() {
        for (Path bundle : BUNDLES) {
            if (Files.isReadable(bundle)) {
                try {
                    return CertificateFiles.read(Files.readAllBytes(bundle), null)
                            .certificates()
                            .stream();
                } catch (IOException e) {
                    throw new IllegalStateException("the CA bundle cannot be read: " + bundle, e);
                }
            }
        }
        return javaDefaults();
    }

    private static Stream<X509Certificate> javaDefaults() {
        try {
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager ->
                            Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java's default trust store cannot be read", e);
        }
    }
}

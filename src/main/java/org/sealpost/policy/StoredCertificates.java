package org.sealpost.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sealpost.certificate.CertificateReader;
import org.sealpost.certificate.ClientIdentities;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.certificate.TrustedCertificates;
import org.sealpost.mail.InvalidInput;
import org.sealpost.settings.SealpostHome;
import org.springframework.stereotype.Component;

/**
 * Trust anchors and client certificates from the certificate store, and anchors from PEM files
 * below {@code sealpost.home/trust}.
 */
@Component
class StoredCertificates implements CertificateSource {

    private static final String FIELD = "attributes.tafile";

    private final TrustedCertificates certificates;
    private final ClientIdentities identities;
    private final Path folder;

    StoredCertificates(
            TrustedCertificates certificates, ClientIdentities identities, SealpostHome home) {
        this.certificates = certificates;
        this.identities = identities;
        this.folder = home.resolve("trust");
    }

    @Override
    public Set<TrustAnchor> global(boolean systemToo) {
        return certificates.global(systemToo);
    }

    @Override
    public Set<TrustAnchor> named(List<String> entries) {
        var anchors = new HashSet<TrustAnchor>();
        for (String entry : entries) {
            for (X509Certificate certificate : isId(entry) ? stored(entry) : file(entry)) {
                anchors.add(new TrustAnchor(certificate, null));
            }
        }
        return anchors;
    }

    @Override
    public KeyIdentity client(long id) {
        return identities
                .client(id)
                .orElseThrow(() ->
                        new InvalidInput(
                                "clientCertificateId",
                                "There is no client certificate with the id " + id + ".",
                                "Upload certificate and key with purpose client and use its id,"
                                        + " or leave it empty."));
    }

    static boolean isId(String entry) {
        return entry.matches("\\d{1,18}");
    }

    private List<X509Certificate> stored(String id) {
        List<X509Certificate> anchors = certificates.anchors(Long.parseLong(id));
        if (anchors.isEmpty()) {
            throw new InvalidInput(
                    FIELD,
                    "There is no certificate of purpose anchor or trust with the id " + id + ".",
                    "Upload the authority's certificate with purpose anchor and use its id.");
        }
        return anchors;
    }

    private List<X509Certificate> file(String name) {
        Path path = folder.resolve(name).normalize();
        try {
            if (path.startsWith(folder) && path.toRealPath().startsWith(folder.toRealPath())) {
                return CertificateReader.certificates(FIELD, Files.readAllBytes(path));
            }
        } catch (IOException unreadable) {
            // the same refusal as for a path outside the folder
        }
        throw new InvalidInput(
                FIELD,
                "“" + name + "” is not a readable PEM file below " + folder + ".",
                "Put the file there, or upload it with purpose anchor and use its id.");
    }
}

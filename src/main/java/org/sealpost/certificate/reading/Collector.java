package org.sealpost.certificate.reading;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.sealpost.mail.InvalidInput;

/** Gathers what a file holds and stops as soon as it is too much. */
final class Collector {

    private static final int MOST_CERTIFICATES = 1_000;
    private static final int MOST_KEYS = 10;

    private final List<X509Certificate> certificates = new ArrayList<>();
    private final List<PrivateKey> keys = new ArrayList<>();

    void certificate(X509CertificateHolder holder) {
        try {
            certificate(holder.getEncoded());
        } catch (IOException e) {
            throw Unreadable.damaged("certificate");
        }
    }

    void certificate(byte[] der) {
        if (certificates.size() >= MOST_CERTIFICATES) {
            throw new InvalidInput(
                    "file",
                    "The file holds more than 1,000 certificates.",
                    "Upload only the certificates that are needed; the system's CA bundle is"
                            + " trusted already.");
        }
        try {
            certificates.add(
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(der)));
        } catch (CertificateException e) {
            throw Unreadable.damaged("certificate");
        }
    }

    void key(PrivateKey key) {
        if (keys.size() >= MOST_KEYS) {
            throw new InvalidInput(
                    "file",
                    "The file holds more than 10 private keys.",
                    "Upload one certificate with its key.");
        }
        keys.add(key);
    }

    FileContent content() {
        return new FileContent(certificates, keys);
    }
}

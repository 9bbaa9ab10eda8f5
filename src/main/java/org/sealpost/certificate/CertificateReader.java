package org.sealpost.certificate;

import java.security.cert.X509Certificate;
import java.util.List;
import org.sealpost.mail.InvalidInput;

/** Reads certificates from files that are not in the store. */
public final class CertificateReader {

    private CertificateReader() {}

    /**
     * All certificates of a PEM or DER file.
     *
     * @param field the input's name, for the error
     * @throws InvalidInput when the file holds none
     */
    public static List<X509Certificate> certificates(String field, byte[] file) {
        try {
            List<X509Certificate> certificates = CertificateFile.read(file).certificates();
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (InvalidInput invalid) {
            throw new InvalidInput(field, invalid.explain(), invalid.remedy());
        }
        throw new InvalidInput(field, "The file holds no certificate.", "Give one in PEM or DER.");
    }
}

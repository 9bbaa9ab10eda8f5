package org.sealpost.certificate.reading;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a file holds, in its order.
 *
 * @param certificates of whatever kind
 * @param privateKeys opened with the password where they were encrypted
 */
public record FileContent(List<X509Certificate> certificates, List<PrivateKey> privateKeys) {

    public FileContent {
        certificates = List.copyOf(certificates);
        privateKeys = List.copyOf(privateKeys);
    }

    /** Never a key. */
    @Override
    public String toString() {
        return "FileContent["
                + certificates.size()
                + " certificates, "
                + privateKeys.size()
                + " keys]";
    }
}

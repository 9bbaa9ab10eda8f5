package org.sealpost.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key with its certificate chain, ready for a TLS context.
 *
 * @param id the certificate's id in the API
 * @param key never shown or logged
 * @param chain leaf first; at least one
 */
public record KeyIdentity(long id, PrivateKey key, List<X509Certificate> chain) {

    public KeyIdentity {
        chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
        return "KeyIdentity[" + id + ", " + chain.getFirst().getSubjectX500Principal() + "]";
    }
}

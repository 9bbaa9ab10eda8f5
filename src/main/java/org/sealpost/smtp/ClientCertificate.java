package org.sealpost.smtp;

import java.security.cert.X509Certificate;

/**
 * The certificate a client has shown; TLS has proved that it holds the key.
 *
 * @param isTrusted whether an authority of purpose {@code trust} vouches for it
 */
record ClientCertificate(X509Certificate leaf, boolean isTrusted) {}

package org.sealpost.tls;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** What the running TLS stack really offers after its own bans, found out by trying. */
final class RuntimeTls {

    /** Newest first, by JSSE name. */
    static final List<String> PROTOCOLS =
            List.of("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1").stream()
                    .filter(RuntimeTls::offers)
                    .toList();

    /** In the stack's order of preference, by JSSE name. */
    static final List<String> CIPHER_SUITES =
            Arrays.stream(context().getDefaultSSLParameters().getCipherSuites())
                    .filter(name -> !name.contains("_DSS_") && !name.endsWith("_SCSV"))
                    .filter(name -> !name.contains("_3DES_") && !name.contains("_anon_"))
                    .toList();

    private RuntimeTls() {}

    static boolean isLegacy(String protocol) {
        return protocol.equals("TLSv1") || protocol.equals("TLSv1.1");
    }

    /** A list of supported versions also names banned ones; only a handshake tells them apart. */
    private static boolean offers(String protocol) {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(true);
        try {
            engine.setEnabledProtocols(new String[] {protocol});
            engine.beginHandshake();
            return true;
        } catch (SSLException | IllegalArgumentException banned) {
            return false;
        }
    }

    private static SSLContext context() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }
}

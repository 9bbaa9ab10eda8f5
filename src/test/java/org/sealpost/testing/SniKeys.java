package org.sealpost.testing;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.sealpost.testing.TestCa.Identity;

/** Shows one certificate to clients that name a server, and another one to all others. */
final class SniKeys extends X509ExtendedKeyManager {

    private final Identity named;
    private final Identity unnamed;

    SniKeys(Identity named, Identity unnamed) {
        this.named = named;
        this.unnamed = unnamed;
    }

    @Override
    public String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
        var session = (ExtendedSSLSession) ((SSLSocket) socket).getHandshakeSession();
        return session.getRequestedServerNames().isEmpty() ? "unnamed" : "named";
    }

    private Identity identity(String alias) {
        return alias.equals("named") ? named : unnamed;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
        return new String[] {"named", "unnamed"};
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] type, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}

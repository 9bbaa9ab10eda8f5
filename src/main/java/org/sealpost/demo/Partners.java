package org.sealpost.demo;

import java.io.IOException;
import java.net.BindException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.sealpost.demo.PartnerIdentities.ServerIdentity;
import org.sealpost.settings.StartupRefused;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The partners' servers, from start to stop of the process. */
@Component
@Profile("demo")
class Partners implements AutoCloseable {

    private final Map<Partner, PartnerServer> servers = new EnumMap<>(Partner.class);
    private final Map<Partner, X509Certificate> presented = new EnumMap<>(Partner.class);
    private final PartnerNames names;

    /**
     * Opens their sockets.
     *
     * @param firstPort the first of as many ports as there are partners; 0 for free ones
     */
    Partners(PartnerIdentities identities, @Value("${sealpost.demo.first-port}") int firstPort)
            throws IOException {
        names = new PartnerNames();
        for (Partner partner : Partner.values()) {
            ServerIdentity identity = identities.of(partner);
            int port = firstPort == 0 ? 0 : firstPort + servers.size();
            servers.put(partner, open(partner, port, identity));
            if (identity != null) {
                presented.put(partner, identity.chain().getFirst());
            }
        }
    }

    private static PartnerServer open(Partner partner, int port, @Nullable ServerIdentity identity)
            throws IOException {
        try {
            return new PartnerServer(partner, port, identity == null ? null : context(identity));
        } catch (BindException e) {
            throw new StartupRefused(
                    "The port " + port + " for a partner of the demo is taken.",
                    "Set sealpost.demo.first-port to the first of "
                            + Partner.values().length
                            + " free ports, or to 0 for any.",
                    e);
        }
    }

    /** Where mail for a partner goes. */
    String nextHop(Partner partner) {
        PartnerServer server = servers.get(partner);
        if (server == null) {
            throw new IllegalStateException("no server for " + partner);
        }
        return partner.domain() + ":" + server.port();
    }

    /** What its server presents; null when it offers no TLS. */
    @Nullable X509Certificate certificate(Partner partner) {
        return presented.get(partner);
    }

    /** The port of the name server that knows them. */
    int namesPort() {
        return names.port();
    }

    private static SSLContext context(ServerIdentity identity) {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            char[] password = new char[0];
            keys.load(null, password);
            keys.setKeyEntry(
                    "server",
                    identity.keys().getPrivate(),
                    password,
                    identity.chain().toArray(Certificate[]::new));
            var managers = KeyManagerFactory.getInstance("PKIX");
            managers.init(keys, password);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a partner's certificate cannot be used", e);
        }
    }

    @Override
    public void close() throws IOException {
        names.close();
        for (PartnerServer server : servers.values()) {
            server.close();
        }
    }
}

package org.sealpost.smtp;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;

/**
 * Chooses among several identities the one to present: one made for the name the client asked for
 * (RFC 6066 §3) if its kind of key suits the client, else the first one of the kind the handshake
 * wants. So RSA and ECDSA stand side by side, and a client that asks for a name nobody has is
 * served all the same.
 */
final class IdentityChoice extends X509ExtendedKeyManager {

    private static final int DNS_NAME = 2;

    private final List<KeyIdentity> identities;

    IdentityChoice(List<KeyIdentity> identities) {
        this.identities = List.copyOf(identities);
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, Socket socket) {
        return socket instanceof SSLSocket encrypted
                ? choose(keyType, encrypted.getHandshakeSession())
                : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return choose(keyType, engine.getHandshakeSession());
    }

    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        String kind = keyType.startsWith("EC") ? "EC" : "RSA";
        List<Integer> asked = List.of();
        if (session instanceof ExtendedSSLSession handshake) {
            String name = requestedName(handshake);
            asked =
                    all().filter(i -> covers(identities.get(i).chain().getFirst(), name))
                            .filter(i -> suits(kind(i), handshake))
                            .boxed()
                            .toList();
        }
        return (asked.isEmpty() ? all().boxed().toList() : asked)
                .stream()
                        .filter(i -> kind(i).equals(kind))
                        .findFirst()
                        .map(String::valueOf)
                        .orElse(null);
    }

    private IntStream all() {
        return IntStream.range(0, identities.size());
    }

    private String kind(int index) {
        return identities.get(index).key().getAlgorithm();
    }

    private static boolean suits(String kind, ExtendedSSLSession handshake) {
        String suffix = kind.equals("EC") ? "ECDSA" : "RSA";
        return Arrays.stream(handshake.getPeerSupportedSignatureAlgorithms())
                .anyMatch(algorithm -> algorithm.toUpperCase(Locale.ROOT).contains(suffix));
    }

    private static String requestedName(ExtendedSSLSession handshake) {
        return handshake.getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("");
    }

    private static boolean covers(X509Certificate certificate, String name) {
        int dot = name.indexOf('.');
        String star = dot < 0 ? name : "*" + name.substring(dot);
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .filter(entry -> entry.getFirst().equals(DNS_NAME))
                            .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
                            .anyMatch(own -> own.equals(name) || own.equals(star));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identities.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identities.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return all().mapToObj(String::valueOf).toArray(String[]::new);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return null;
    }
}

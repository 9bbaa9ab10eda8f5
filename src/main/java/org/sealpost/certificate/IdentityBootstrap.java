package org.sealpost.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.sealpost.mail.InvalidInput;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.BootstrapStep;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.settings.StartupRefused;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Stores the identity the listeners present: the given one, or a self-signed one. */
@Component
@Order(10)
class IdentityBootstrap implements BootstrapStep {

    private static final String CERTIFICATE = "sealpost.bootstrap.certificate";
    private static final String KEY = "sealpost.bootstrap.private-key";

    private final CertificateRows rows;
    private final SecretBox secrets;
    private final Settings settings;
    private final Clock clock;

    IdentityBootstrap(CertificateRows rows, SecretBox secrets, Settings settings, Clock clock) {
        this.rows = rows;
        this.secrets = secrets;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<String> seed(BootstrapProperties properties) {
        String certificate = properties.certificate();
        String key = properties.privateKey();
        if (certificate == null && key == null) {
            String hostname = settings.get(GeneralSettings.SECTION).hostname();
            var made = SelfSigned.create(hostname, clock.instant());
            store(List.of(made.certificate()), made.keys().getPrivate());
        } else if (certificate == null || key == null) {
            String given = certificate == null ? KEY : CERTIFICATE;
            String missing = certificate == null ? CERTIFICATE : KEY;
            throw new StartupRefused(
                    given + " is set but " + missing + " is not.",
                    "Set both, or neither for a self-signed certificate.");
        } else {
            storeGiven(certificate, key);
        }
        return Optional.empty();
    }

    private void storeGiven(String certificatePath, String keyPath) {
        List<X509Certificate> chain = read(CERTIFICATE, certificatePath).certificates();
        if (chain.isEmpty()) {
            throw new StartupRefused(
                    CERTIFICATE + " (" + certificatePath + ") holds no certificate.",
                    "Point it at the certificate chain in PEM, the server's own certificate first.");
        }
        PrivateKey key = key(keyPath);
        if (!PrivateKeys.belongTogether(key, chain.getFirst().getPublicKey())) {
            throw new StartupRefused(
                    KEY
                            + " ("
                            + keyPath
                            + ") does not belong to the first certificate of "
                            + CERTIFICATE
                            + ".",
                    "Give the key the certificate was made for, the server's own certificate first"
                            + " in its file.");
        }
        store(chain, key);
    }

    private static PrivateKey key(String path) {
        List<byte[]> keys = read(KEY, path).privateKeys();
        try {
            if (!keys.isEmpty()) {
                return PrivateKeys.decode(keys.getFirst());
            }
        } catch (IllegalArgumentException notReadable) {
            // the same refusal as for a file without a key
        }
        throw new StartupRefused(
                KEY + " (" + path + ") holds no private key that can be read.",
                "Give it in PEM as unencrypted PKCS#8, for example: openssl pkcs8 -topk8 -nocrypt -in"
                        + " old.key -out new.key");
    }

    private static CertificateFile read(String property, String path) {
        try {
            return CertificateFile.read(Files.readAllBytes(Path.of(path)));
        } catch (IOException e) {
            throw new StartupRefused(
                    property + " names the file " + path + ", which cannot be read.",
                    "Check that it exists and is readable for the user that runs Sealpost.",
                    e);
        } catch (InvalidInput e) {
            throw new StartupRefused(
                    property + " (" + path + ") cannot be used: " + e.explain(), e.remedy(), e);
        }
    }

    private void store(List<X509Certificate> chain, PrivateKey key) {
        String sealed =
                secrets.seal(
                        PrivateKeys.purpose(CertificateEntity.sha256(chain)), key.getEncoded());
        rows.saveAndFlush(new CertificateEntity(Purpose.SERVER, chain, sealed, clock.instant()));
    }
}

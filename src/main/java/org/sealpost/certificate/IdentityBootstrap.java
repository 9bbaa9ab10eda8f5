package org.sealpost.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sealpost.certificate.reading.CertificateFiles;
import org.sealpost.certificate.reading.FileContent;
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

    private static final Duration LIFETIME = Duration.ofDays(3650);

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
            Instant now = clock.instant();
            KeyPair keys = KeyKind.EC_P256.generate();
            X509Certificate made =
                    CertificateMaker.identity(
                            Purpose.SERVER, List.of(hostname), keys, null, now, now.plus(LIFETIME));
            store(List.of(made), keys.getPrivate());
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
        FileContent certificate = read(CERTIFICATE, certificatePath);
        if (certificate.certificates().isEmpty()) {
            throw new StartupRefused(
                    CERTIFICATE + " (" + certificatePath + ") holds no certificate.",
                    "Point it at the certificate with its chain.");
        }
        List<PrivateKey> keys = read(KEY, keyPath).privateKeys();
        if (keys.isEmpty()) {
            throw new StartupRefused(
                    KEY + " (" + keyPath + ") holds no private key.",
                    "Point it at the unencrypted key of the certificate.");
        }
        PrivateKey key = keys.getFirst();
        List<X509Certificate> own = PrivateKeys.certificatesOf(key, certificate.certificates());
        if (own.isEmpty()) {
            throw new StartupRefused(
                    KEY
                            + " ("
                            + keyPath
                            + ") does not belong to a certificate of "
                            + CERTIFICATE
                            + ".",
                    "Give the key the certificate was made for.");
        }
        store(ChainOrder.of(own.getFirst(), certificate.certificates()).chain(), key);
    }

    private static FileContent read(String property, String path) {
        try {
            return CertificateFiles.read(Files.readAllBytes(Path.of(path)), null);
        } catch (IOException e) {
            throw new StartupRefused(
                    property + " names the file " + path + ", which cannot be read.",
                    "Check that it exists and is readable for the user that runs Sealpost.",
                    e);
        } catch (InvalidInput e) {
            throw new StartupRefused(
                    property + " (" + path + ") cannot be used: " + e.explain(),
                    property.equals(KEY)
                            ? "Give an unencrypted private key in PEM, for example made by: openssl"
                                    + " pkcs8 -topk8 -nocrypt -in old.key -out new.key"
                            : "Give the certificate and its issuers in PEM.",
                    e);
        }
    }

    private void store(List<X509Certificate> chain, PrivateKey key) {
        String sealed =
                secrets.seal(
                        PrivateKeys.purpose(CertificateEntity.sha256(chain)), key.getEncoded());
        rows.saveAndFlush(new CertificateEntity(Purpose.SERVER, chain, sealed, clock.instant()));
    }
}

package org.sealpost.certificate.reading;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Collections;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedData;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.pkcs.PKCS12PfxPdu;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagFactory;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCS12MacCalculatorBuilderProvider;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#12 file (RFC 7292), bag by bag: Java's own key store would drop certificates without a key
 * and hide which password was wrong.
 */
final class Pkcs12File {

    private final @Nullable String password;
    private final PasswordCost cost;
    private final Collector found;

    private Pkcs12File(@Nullable String password, PasswordCost cost, Collector found) {
        this.password = password;
        this.cost = cost;
        this.found = found;
    }

    static void read(Pfx pfx, @Nullable String password, PasswordCost cost, Collector found) {
        new Pkcs12File(password, cost, found).read(pfx);
    }

    private void read(Pfx pfx) {
        var file = new PKCS12PfxPdu(pfx);
        if (file.hasMac()) {
            spendMac(file);
            if (isEmpty(password)) {
                readWithoutPassword(pfx);
                return;
            }
            requireMac(file);
        }
        for (ContentInfo content : file.getContentInfos()) {
            for (PKCS12SafeBag bag : bags(content)) {
                take(bag);
            }
        }
    }

    private void spendMac(PKCS12PfxPdu file) {
        if (file.getMacAlgorithmID().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBMAC1)) {
            cost.spend(file.getMacAlgorithmID());
        } else {
            cost.spend(file.toASN1Structure().getMacData().getIterationCount());
        }
    }

    /** Bouncy Castle derives no key from an empty password; Java does, and bounds the work too. */
    private void readWithoutPassword(Pfx pfx) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(pfx.getEncoded("DER")), new char[0]);
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, new char[0]) instanceof PrivateKey key) {
                    found.key(key);
                }
                Certificate[] chain = store.getCertificateChain(alias);
                Certificate alone = store.getCertificate(alias);
                for (Certificate one : chain == null ? new Certificate[] {alone} : chain) {
                    found.certificate(one.getEncoded());
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw Unreadable.passwordMissing();
        }
    }

    /** The MAC tells a wrong password from a damaged file before anything is decrypted. */
    private void requireMac(PKCS12PfxPdu file) {
        var calculators =
                new JcePKCS12MacCalculatorBuilderProvider().setProvider(KeyFormats.BOUNCY_CASTLE);
        try {
            if (!file.isMacValid(calculators, secret())) {
                throw Unreadable.wrongPassword();
            }
        } catch (PKCSException e) {
            throw Unreadable.damaged("PKCS#12 content");
        }
    }

    private PKCS12SafeBag[] bags(ContentInfo content) {
        if (content.getContentType().equals(PKCSObjectIdentifiers.data)) {
            return new PKCS12SafeBagFactory(content).getSafeBags();
        }
        if (!content.getContentType().equals(PKCSObjectIdentifiers.encryptedData)) {
            throw Unreadable.unsupported(
                    "The file is encrypted to a certificate, not with a password.",
                    "Export it again with a password.");
        }
        cost.spend(EncryptedData.getInstance(content.getContent()).getEncryptionAlgorithm());
        try {
            return new PKCS12SafeBagFactory(content, decryptor()).getSafeBags();
        } catch (PKCSException | RuntimeException e) {
            throw notOpened();
        }
    }

    private void take(PKCS12SafeBag bag) {
        switch (bag.getBagValue()) {
            case X509CertificateHolder certificate -> found.certificate(certificate);
            case PrivateKeyInfo key -> found.key(KeyFormats.of(key));
            case PKCS8EncryptedPrivateKeyInfo key -> found.key(opened(key));
            case null, default -> {
                // revocation lists and other secrets may stand beside what is wanted
            }
        }
    }

    private PrivateKey opened(PKCS8EncryptedPrivateKeyInfo key) {
        EncryptedPrivateKeyInfo info = key.toASN1Structure();
        cost.spend(info.getEncryptionAlgorithm());
        try {
            return KeyFormats.of(key.decryptPrivateKeyInfo(decryptor()));
        } catch (PKCSException e) {
            throw notOpened();
        }
    }

    private InputDecryptorProvider decryptor() {
        return new JcePKCSPBEInputDecryptorProviderBuilder()
                .setProvider(KeyFormats.BOUNCY_CASTLE)
                .build(secret());
    }

    private RuntimeException notOpened() {
        return isEmpty(password) ? Unreadable.passwordMissing() : Unreadable.wrongPassword();
    }

    private char[] secret() {
        return password == null ? new char[0] : password.toCharArray();
    }

    private static boolean isEmpty(@Nullable String password) {
        return password == null || password.isEmpty();
    }
}

package org.sealpost.certificate.reading;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.reading.PemBlocks.Block;
import org.sealpost.mail.InvalidInput;

/** Reads files of certificates and keys. */
public final class CertificateFiles {

    public static final int MOST_OCTETS = 10 * 1024 * 1024;

    private CertificateFiles() {}

    /**
     * Reads a file.
     *
     * @param password opens what is encrypted; null when none was given
     * @throws InvalidInput with field {@code file} or {@code password} when it cannot be used
     */
    public static FileContent read(byte[] bytes, @Nullable String password) {
        if (bytes.length > MOST_OCTETS) {
            throw tooLarge();
        }
        var found = new Collector();
        var cost = new PasswordCost();
        try {
            if (PemBlocks.areIn(bytes)) {
                readPem(bytes, password, cost, found);
            } else {
                DerFile.read(bytes, password, cost, found);
            }
        } catch (InvalidInput refused) {
            throw refused;
        } catch (RuntimeException | IOException e) {
            // Bouncy Castle reports a wrong structure by whatever exception it runs into; all of
            // them are the file's fault.
            throw Unreadable.undecodable();
        }
        FileContent content = found.content();
        if (content.certificates().isEmpty() && content.privateKeys().isEmpty()) {
            throw Unreadable.undecodable();
        }
        return content;
    }

    /** The refusal of more than {@link #MOST_OCTETS}. */
    public static InvalidInput tooLarge() {
        return new InvalidInput(
                "file",
                "The files are larger than 10 MB.",
                "Upload only the certificates that are needed.");
    }

    private static void readPem(
            byte[] bytes, @Nullable String password, PasswordCost cost, Collector found)
            throws IOException {
        boolean requestSeen = false;
        for (Block block : PemBlocks.of(bytes)) {
            switch (block.label()) {
                case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" ->
                        found.certificate(block.der());
                case "PKCS7", "CMS" -> DerFile.pkcs7(ASN1Sequence.getInstance(block.der()), found);
                case "PKCS12" -> DerFile.read(block.der(), password, cost, found);
                case "PRIVATE KEY" ->
                        found.key(KeyFormats.of(PrivateKeyInfo.getInstance(block.der())));
                case "ENCRYPTED PRIVATE KEY" ->
                        found.key(
                                KeyFormats.encrypted(
                                        new PKCS8EncryptedPrivateKeyInfo(
                                                EncryptedPrivateKeyInfo.getInstance(block.der())),
                                        password,
                                        cost));
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                        found.key(KeyFormats.traditional(block.text(), password));
                case "OPENSSH PRIVATE KEY", "DSA PRIVATE KEY" ->
                        throw Unreadable.unsupported(
                                "The file holds a key that TLS cannot use (" + block.label() + ").",
                                "Give the RSA, EC or Ed25519 key of the certificate.");
                case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" -> requestSeen = true;
                default -> {
                    // parameters, public keys and revocation lists may stand beside what is wanted
                }
            }
        }
        FileContent content = found.content();
        if (requestSeen && content.certificates().isEmpty() && content.privateKeys().isEmpty()) {
            throw DerFile.request();
        }
    }
}

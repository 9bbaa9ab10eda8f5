package org.sealpost.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;

/** Makes of uploaded files what would be stored: the leaf by its key, the chain in order. */
final class IntakeReader {

    private IntakeReader() {}

    /**
     * Reads an upload.
     *
     * @throws InvalidInput when the files cannot be read at all
     */
    static Intake read(NewCertificate upload) {
        Purpose purpose =
                Purpose.parse(upload.purpose())
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "purpose",
                                        "“" + upload.purpose() + "” is not a purpose.",
                                        "Choose server, client, trust, anchor or peer."));
        var certificates = new LinkedHashSet<X509Certificate>();
        var keys = new ArrayList<PrivateKey>();
        for (byte[] file : upload.files()) {
            CertificateFile content = CertificateFile.read(file);
            certificates.addAll(content.certificates());
            for (byte[] key : content.privateKeys()) {
                keys.add(key(key));
            }
        }
        if (certificates.isEmpty()) {
            throw new InvalidInput(
                    "file",
                    keys.isEmpty() ? "No file was given." : "There is no certificate for the key.",
                    "Add the file with the certificate.");
        }
        List<X509Certificate> all = List.copyOf(certificates);
        return purpose.isIdentity()
                ? identity(purpose, all, keys)
                : new Intake(purpose, all, null, withoutKeys(keys), List.of());
    }

    private static Intake identity(
            Purpose purpose, List<X509Certificate> certificates, List<PrivateKey> keys) {
        for (PrivateKey key : keys) {
            for (X509Certificate candidate : certificates) {
                if (PrivateKeys.belongTogether(key, candidate.getPublicKey())) {
                    List<X509Certificate> chain = ChainOrder.of(candidate, certificates).chain();
                    return new Intake(purpose, chain, key, List.of(), List.of());
                }
            }
        }
        Problem problem =
                keys.isEmpty()
                        ? new Problem(
                                "file",
                                "A certificate of purpose " + purpose.word() + " needs its key.",
                                "Add the file with the private key.")
                        : new Problem(
                                "file",
                                "The private key belongs to none of the certificates.",
                                "Give the key the certificate was made for.");
        return new Intake(purpose, certificates, null, List.of(problem), List.of());
    }

    private static List<Problem> withoutKeys(List<PrivateKey> keys) {
        return keys.isEmpty()
                ? List.of()
                : List.of(
                        new Problem(
                                "file",
                                "The files hold a private key, which belongs into no list of"
                                        + " authorities or partners.",
                                "Upload the certificate alone, and consider that key compromised"
                                        + " if it was sent to you."));
    }

    private static PrivateKey key(byte[] pkcs8) {
        try {
            return PrivateKeys.decode(pkcs8);
        } catch (IllegalArgumentException e) {
            throw new InvalidInput(
                    "file",
                    "The private key cannot be read.",
                    "Give it in PEM as unencrypted PKCS#8, of kind RSA, EC or Ed25519.");
        }
    }
}

package org.sealpost.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.reading.CertificateFiles;
import org.sealpost.certificate.reading.FileContent;
import org.sealpost.mail.InvalidInput;

/** Reads certificates from files that are not in the store. */
public final class CertificateReader {

    /** The most octets of an upload. */
    public static final int MOST_OCTETS = CertificateFiles.MOST_OCTETS;

    private static final int MOST_OF_A_CHAIN = 50;

    private CertificateReader() {}

    /**
     * All certificates of a file, whatever its format.
     *
     * @param field the input's name, for the error
     * @throws InvalidInput when the file holds none
     */
    public static List<X509Certificate> certificates(String field, byte[] file) {
        List<X509Certificate> certificates = read(field, file, null).certificates();
        if (certificates.isEmpty()) {
            throw none(field);
        }
        return certificates;
    }

    /**
     * The certificate that files are about, with its issuers behind it: the one a key among them
     * was made for, else the first that issued no other.
     *
     * @throws InvalidInput when the files hold no certificate
     */
    public static List<X509Certificate> leaf(
            String field, List<byte[]> files, @Nullable String password) {
        var certificates = new ArrayList<X509Certificate>();
        var keys = new ArrayList<PrivateKey>();
        for (byte[] file : files) {
            FileContent content = read(field, file, password);
            certificates.addAll(content.certificates());
            keys.addAll(content.privateKeys());
        }
        if (certificates.isEmpty()) {
            throw none(field);
        }
        X509Certificate leaf =
                keys.stream()
                        .flatMap(key -> PrivateKeys.certificatesOf(key, certificates).stream())
                        .findFirst()
                        .or(() ->
                                certificates.stream()
                                        .limit(MOST_OF_A_CHAIN)
                                        .filter(one -> ChainOrder.issuedNone(one, certificates))
                                        .findFirst())
                        .orElse(certificates.getFirst());
        return ChainOrder.of(leaf, certificates).chain();
    }

    /** The refusal of more than {@link #MOST_OCTETS}. */
    public static InvalidInput tooLarge() {
        return CertificateFiles.tooLarge();
    }

    private static FileContent read(String field, byte[] file, @Nullable String password) {
        try {
            return CertificateFiles.read(file, password);
        } catch (InvalidInput invalid) {
            String of = invalid.problems().getFirst().field();
            throw new InvalidInput(
                    of.equals("file") ? field : of, invalid.explain(), invalid.remedy());
        }
    }

    private static InvalidInput none(String field) {
        return new InvalidInput(field, "The file holds no certificate.", "Give one in PEM or DER.");
    }
}

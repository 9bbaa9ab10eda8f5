package org.sealpost.certificate;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sealpost.mail.InvalidInput;

/**
 * What an uploaded file holds: PEM blocks (RFC 7468) in any order with text around them, or one
 * certificate in DER.
 *
 * @param certificates in the order of the file
 * @param privateKeys PKCS#8 encodings
 */
record CertificateFile(List<X509Certificate> certificates, List<byte[]> privateKeys) {

    static final int MOST_OCTETS = 10 * 1024 * 1024;
    static final int MOST_CERTIFICATES = 1_000;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /**
     * Reads a file.
     *
     * @throws InvalidInput with field {@code file} when it holds nothing that can be used
     */
    static CertificateFile read(byte[] bytes) {
        if (bytes.length > MOST_OCTETS) {
            throw new InvalidInput(
                    "file",
                    "The file is larger than 10 MB.",
                    "Upload only the certificates that are needed.");
        }
        CertificateFile file = holdsPem(bytes) ? readPem(bytes) : readDer(bytes);
        if (file.certificates.isEmpty() && file.privateKeys.isEmpty()) {
            throw undecodable();
        }
        if (file.certificates.size() > MOST_CERTIFICATES) {
            throw new InvalidInput(
                    "file",
                    "The file holds more than 1,000 certificates.",
                    "Upload only the certificates that are needed; the system's CA bundle is"
                            + " trusted already.");
        }
        return file;
    }

    private static CertificateFile readPem(byte[] bytes) {
        var certificates = new ArrayList<X509Certificate>();
        var keys = new ArrayList<byte[]>();
        Matcher blocks = BLOCK.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            byte[] der = base64(blocks.group(2));
            switch (blocks.group(1)) {
                case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" ->
                        certificates.add(certificate(der));
                case "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY" ->
                        keys.add(der);
                default -> {
                    // parameters, requests and public keys may stand beside what is wanted
                }
            }
        }
        return new CertificateFile(certificates, keys);
    }

    private static CertificateFile readDer(byte[] bytes) {
        return new CertificateFile(List.of(certificate(bytes)), List.of());
    }

    private static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw undecodable();
        }
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw undecodable();
        }
    }

    private static boolean holdsPem(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
    }

    private static InvalidInput undecodable() {
        return new InvalidInput(
                "file",
                "The file holds no certificate that can be read.",
                "Upload a certificate in PEM (it begins with -----BEGIN CERTIFICATE-----) or DER.");
    }
}

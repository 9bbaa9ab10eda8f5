package org.sealpost.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.sealpost.testing.Pem;
import org.sealpost.testing.TestCa;

/** The inputs of {@link UploadTableTests}: by openssl's script, and by Bouncy Castle. */
final class UploadInputs {

    private static final Path SCRIPT =
            Path.of("src/test/resources/certificate/make-inputs.sh").toAbsolutePath();

    private UploadInputs() {}

    static void make(Path folder) throws Exception {
        byOpenssl(folder);
        byBouncyCastle(folder);
    }

    private static void byOpenssl(Path folder) throws Exception {
        Process process =
                new ProcessBuilder("sh", SCRIPT.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("make-inputs.sh failed: " + output);
        }
    }

    private static void byBouncyCastle(Path folder) throws Exception {
        TestCa ca = TestCa.create("Test CA");
        String name = "relay.example.test";
        write(folder, "expired.pem", ca.leaf(name).expired().issue().pem());
        write(folder, "notyet.pem", ca.leaf(name).notYetValid().issue().pem());
        write(folder, "forclients.pem", ca.leaf(name).forClients().issue().pem());
        write(folder, "othername.pem", ca.leaf("other.example.test").issue().pem());
        write(folder, "star.pem", ca.leaf("*.example.test").issue().pem());
        write(folder, "selfsigned.pem", TestCa.selfSigned(name).pem());
        write(folder, "ca.pem", ca.pem());
        write(folder, "leaf.pem", Pem.of(ca.leaf("partner.example").issue().leaf()));
        write(
                folder,
                "2leaves.pem",
                Pem.of(ca.leaf("a.example").issue().leaf())
                        + Pem.of(ca.leaf("b.example").issue().leaf()));
        write(
                folder,
                "1001.pem",
                IntStream.range(0, 1001).mapToObj(i -> ca.pem()).collect(Collectors.joining()));
        write(folder, "11keys.pem", ca.leaf("k.example").issue().keyPem().repeat(11));
        Files.write(folder.resolve("tenmegabytes.pem"), new byte[10 * 1024 * 1024 + 1]);
        Files.write(folder.resolve("deep.der"), nested(500_000));
        Files.write(folder.resolve("slow.p12"), slowPkcs12());
        Files.write(folder.resolve("slow.key.der"), slowKey());
        Files.write(folder.resolve("hungry.key.der"), hungryKey());
        Files.write(folder.resolve("ed.v2.der"), edwardsKeyWithPublicPart());
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    /** Sequences in sequences of indefinite length, which a recursive reader dies of. */
    private static byte[] nested(int depth) {
        byte[] all = new byte[2 * depth];
        for (int i = 0; i < all.length; i += 2) {
            all[i] = 0x30;
            all[i + 1] = (byte) 0x80;
        }
        return all;
    }

    /** A file of a hundred octets whose password would take hours to check. */
    private static byte[] slowPkcs12() throws IOException {
        var content =
                new ContentInfo(
                        PKCSObjectIdentifiers.data,
                        new DEROctetString(new DERSequence().getEncoded()));
        var digest =
                new DigestInfo(
                        new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha512), new byte[64]);
        return new Pfx(content, new MacData(digest, new byte[8], Integer.MAX_VALUE)).getEncoded();
    }

    private static byte[] slowKey() throws IOException {
        return encrypted(
                new KeyDerivationFunc(
                        PKCSObjectIdentifiers.id_PBKDF2,
                        new PBKDF2Params(new byte[8], Integer.MAX_VALUE)));
    }

    private static byte[] hungryKey() throws IOException {
        return encrypted(
                new KeyDerivationFunc(
                        MiscObjectIdentifiers.id_scrypt,
                        new ScryptParams(new byte[8], 1 << 30, 8, 1)));
    }

    private static byte[] encrypted(KeyDerivationFunc function) throws IOException {
        var scheme =
                new EncryptionScheme(
                        NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(new byte[16]));
        return new EncryptedPrivateKeyInfo(
                        new AlgorithmIdentifier(
                                PKCSObjectIdentifiers.id_PBES2,
                                new PBES2Parameters(function, scheme)),
                        new byte[64])
                .getEncoded();
    }

    /** RFC 5958's second version, with which other programs write Ed25519 keys. */
    private static byte[] edwardsKeyWithPublicPart() throws Exception {
        var info =
                PrivateKeyInfo.getInstance(
                        KeyPairGenerator.getInstance("Ed25519")
                                .generateKeyPair()
                                .getPrivate()
                                .getEncoded());
        return new PrivateKeyInfo(
                        info.getPrivateKeyAlgorithm(), info.parsePrivateKey(), null, new byte[32])
                .getEncoded();
    }
}

package org.sealpost.certificate.reading;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * Bounds the work that a file's own parameters make us do before its password is known to be right:
 * the iteration count stands in the file, so a small one can ask for hours.
 */
final class PasswordCost {

    /** Twice what Java's own PKCS#12 store allows one entry, for the whole file. */
    private static final long MOST_ITERATIONS = 10_000_000;

    private static final BigInteger MOST_SCRYPT_OCTETS = BigInteger.valueOf(128L << 20);

    private long left = MOST_ITERATIONS;

    /** Counts what opening something under this algorithm takes, and refuses what is too much. */
    void spend(AlgorithmIdentifier algorithm) {
        ASN1ObjectIdentifier oid = algorithm.getAlgorithm();
        ASN1Encodable parameters = algorithm.getParameters();
        if (oid.equals(PKCSObjectIdentifiers.id_PBES2)) {
            spend(
                    AlgorithmIdentifier.getInstance(
                            ASN1Sequence.getInstance(parameters).getObjectAt(0)));
        } else if (oid.equals(PKCSObjectIdentifiers.id_PBMAC1)) {
            spend(PBMAC1Params.getInstance(parameters).getKeyDerivationFunc());
        } else if (oid.equals(PKCSObjectIdentifiers.id_PBKDF2)) {
            spend(PBKDF2Params.getInstance(parameters).getIterationCount());
        } else if (oid.equals(MiscObjectIdentifiers.id_scrypt)) {
            spendScrypt(ScryptParams.getInstance(parameters));
        } else if (parameters != null) {
            // PBES1 and the PKCS#12 schemes: salt and iterations (RFC 8018 A.3, RFC 7292 C)
            ASN1Sequence saltAndCount = ASN1Sequence.getInstance(parameters);
            spend(ASN1Integer.getInstance(saltAndCount.getObjectAt(1)).getValue());
        }
    }

    void spend(BigInteger iterations) {
        if (iterations.signum() < 0 || iterations.compareTo(BigInteger.valueOf(left)) > 0) {
            throw tooMuch();
        }
        left -= iterations.longValueExact();
    }

    /** RFC 7914 §2: memory is 128 * r * N octets, work grows with p as well. */
    private void spendScrypt(ScryptParams scrypt) {
        BigInteger octets =
                scrypt.getCostParameter()
                        .multiply(scrypt.getBlockSize())
                        .multiply(scrypt.getParallelizationParameter())
                        .multiply(BigInteger.valueOf(128));
        if (octets.signum() < 0 || octets.compareTo(MOST_SCRYPT_OCTETS) > 0) {
            throw tooMuch();
        }
        spend(BigInteger.valueOf(MOST_ITERATIONS / 10));
    }

    private static RuntimeException tooMuch() {
        return Unreadable.unsupported(
                "The file asks for far more work to check its password than any real one.",
                "Make the file again with usual settings, for example with openssl pkcs12 -export.");
    }
}

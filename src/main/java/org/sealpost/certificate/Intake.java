package org.sealpost.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;

/**
 * What the files of an upload amount to, before anything is stored.
 *
 * @param purpose what it is for
 * @param chain leaf first; or all certificates of a bundle, in the order of the files
 * @param key the leaf's key; null for certificates of others
 * @param errors why it cannot be stored; empty when it can
 * @param warnings what will cause trouble, a sentence each
 */
record Intake(
        Purpose purpose,
        List<X509Certificate> chain,
        @Nullable PrivateKey key,
        List<Problem> errors,
        List<String> warnings) {

    @Override
    public String toString() {
        return "Intake[" + purpose + ", " + chain.size() + " certificates]";
    }
}

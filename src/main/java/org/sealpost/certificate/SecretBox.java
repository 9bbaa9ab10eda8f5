package org.sealpost.certificate;

/** Encrypts secrets at rest under the master key (AES-256-GCM, a fresh nonce each). */
public interface SecretBox {

    /**
     * Encrypts a secret.
     *
     * @param purpose what it is and whose, e.g. {@code route 42 password}; the same text opens it,
     *     so that a stored value cannot be moved to another row
     * @return printable ASCII
     */
    String seal(String purpose, byte[] secret);

    /**
     * Decrypts what {@link #seal} returned.
     *
     * @throws IllegalStateException when the value was altered or sealed under another key
     */
    byte[] open(String purpose, String sealed);
}

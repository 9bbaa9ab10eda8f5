package org.sealpost.certificate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.SealpostHome;
import org.sealpost.settings.StartupRefused;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** AES-256-GCM under the master key: 12 bytes nonce, ciphertext, 16 bytes tag, in Base64. */
@Component
class MasterKeyBox implements SecretBox {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final String CHECK = "sealpost master key";

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param givenFile {@code sealpost.master-key-file}: one key shared by several nodes, never
     *     created here
     */
    MasterKeyBox(
            SealpostHome home,
            JdbcClient database,
            @Value("${sealpost.master-key-file:#{null}}") @Nullable Path givenFile) {
        Path file = givenFile == null ? home.resolve("master.key") : givenFile;
        List<String> checks =
                database.sql("select sealed_value from master_key_check where id = 1")
                        .query((row, number) -> row.getString(1))
                        .list();
        boolean unused = checks.isEmpty() && home.isFirstStart() && givenFile == null;
        key = unused ? MasterKey.create(file) : MasterKey.read(file);
        if (checks.isEmpty()) {
            String sealed = seal(CHECK, CHECK.getBytes(StandardCharsets.US_ASCII));
            database.sql("insert into master_key_check (id, sealed_value) values (1, ?)")
                    .param(sealed)
                    .update();
        } else {
            requireSameKey(file, checks.getFirst());
        }
    }

    @Override
    public String seal(String purpose, byte[] secret) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, purpose, nonce).doFinal(secret);
            return Base64.getEncoder()
                    .encodeToString(
                            ByteBuffer.allocate(NONCE + sealed.length)
                                    .put(nonce)
                                    .put(sealed)
                                    .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed", e);
        }
    }

    @Override
    public byte[] open(String purpose, String sealed) {
        try {
            byte[] all = Base64.getDecoder().decode(sealed);
            byte[] nonce = Arrays.copyOf(all, NONCE);
            return cipher(Cipher.DECRYPT_MODE, purpose, nonce)
                    .doFinal(all, NONCE, all.length - NONCE);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the stored secret “" + purpose + "” does not open under the master key", e);
        }
    }

    private Cipher cipher(int mode, String purpose, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private void requireSameKey(Path file, String sealedCheck) {
        try {
            open(CHECK, sealedCheck);
        } catch (IllegalStateException otherKey) {
            throw new StartupRefused(
                    "The master key " + file + " is not the one this database was sealed under.",
                    "Put back the key that belongs to this database; nothing was changed.",
                    otherKey);
        }
    }
}

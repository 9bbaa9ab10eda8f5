package org.sealpost.certificate;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.sealpost.settings.StartupRefused;

/**
 * Reads or makes the file with the master key: 32 random bytes, Base64, one line, mode 0600. Who
 * loses it loses every stored private key and password, so it is never overwritten.
 */
final class MasterKey {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");

    private MasterKey() {}

    /**
     * Reads the key.
     *
     * @throws StartupRefused when the file is missing, readable by others or holds no key
     */
    static SecretKey read(Path file) {
        try {
            if (!Files.exists(file)) {
                throw new StartupRefused(
                        "The master key " + file + " is missing, but secrets are stored under it.",
                        "Restore the file from your backup. Without it stored private keys and"
                                + " passwords cannot be read; nothing was changed.");
            }
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(mode)) {
                throw new StartupRefused(
                        "The master key "
                                + file
                                + " may be read by others (mode "
                                + PosixFilePermissions.toString(mode)
                                + ").",
                        "Run: chmod 600 " + file);
            }
            return decode(file, Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new StartupRefused(
                    "The master key " + file + " cannot be read: " + e.getMessage() + ".",
                    "Make it readable for the user that runs Sealpost.",
                    e);
        }
    }

    /** Makes a new key; fails when the file exists. */
    static SecretKey create(Path path) {
        Path file = path.toAbsolutePath();
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        String line = Base64.getEncoder().encodeToString(key) + "\n";
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.write(StandardCharsets.US_ASCII.encode(line));
            }
            force(file);
            force(file.resolveSibling("."));
        } catch (IOException e) {
            throw new StartupRefused(
                    "The master key " + file + " cannot be written: " + e.getMessage() + ".",
                    "Make the data folder writable for the user that runs Sealpost.",
                    e);
        }
        return new SecretKeySpec(key, "AES");
    }

    private static void force(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static SecretKey decode(Path file, String line) {
        try {
            byte[] key = Base64.getDecoder().decode(line);
            if (key.length == 32) {
                return new SecretKeySpec(key, "AES");
            }
        } catch (IllegalArgumentException notBase64) {
            // the same refusal as for a wrong length
        }
        throw new StartupRefused(
                "The master key " + file + " does not hold 32 bytes in Base64.",
                "Restore the file from your backup; nothing was changed.");
    }
}

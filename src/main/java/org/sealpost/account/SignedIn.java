package org.sealpost.account;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.springframework.security.core.AuthenticatedPrincipal;

/**
 * Who a session belongs to.
 *
 * @param stamp tells whether the password is still the one it began with
 * @param handle names this sign-in; it is not the session's id, which is a secret
 */
record SignedIn(String username, String stamp, String handle)
        implements AuthenticatedPrincipal, Serializable {

    static SignedIn of(UserEntity user) {
        return new SignedIn(user.toUser().username(), stamp(user), UUID.randomUUID().toString());
    }

    /** The same sign-in after the user chose another password. */
    SignedIn renewed(UserEntity user) {
        return new SignedIn(username, stamp(user), handle);
    }

    boolean isStill(UserEntity user) {
        return !user.isDisabled() && stamp.equals(stamp(user));
    }

    @Override
    public String getName() {
        return username;
    }

    /** A digest of the hash: the hash itself has no business in a session. */
    private static String stamp(UserEntity user) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(user.passwordHash().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

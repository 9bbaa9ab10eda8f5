package org.sealpost.account;

import java.security.SecureRandom;

/** A random password that is shown once and changed at the first sign-in. */
final class OneTimePassword {

    /** Without those that look alike. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";

    private static final int LENGTH = 20;

    private OneTimePassword() {}

    static String random() {
        var random = new SecureRandom();
        var text = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}

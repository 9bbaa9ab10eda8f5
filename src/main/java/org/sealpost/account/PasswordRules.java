package org.sealpost.account;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which passwords people may choose: long, and not what everybody tries first. */
final class PasswordRules {

    static final int SHORTEST = 12;
    static final int SHORTEST_FOR_MAIL = 8;
    private static final int LONGEST = 200;

    private static final Set<String> COMMON =
            Set.of(
                    "password1234",
                    "password12345",
                    "123456789012",
                    "1234567890123",
                    "qwertyuiop12",
                    "qwertyuiop123",
                    "administrator",
                    "administrator1",
                    "letmeinletmein",
                    "passwordpassword",
                    "iloveyou1234",
                    "welcome12345",
                    "changemechangeme",
                    "changeme1234",
                    "adminadminadmin",
                    "abcdefghijkl");

    private PasswordRules() {}

    /** What is wrong with a console password; empty when it may be used. */
    static Optional<String> problem(String username, String password) {
        String lower = password.toLowerCase(Locale.ROOT);
        if (password.length() < SHORTEST) {
            return Optional.of("The password is shorter than " + SHORTEST + " characters.");
        }
        if (password.length() > LONGEST) {
            return Optional.of("The password is longer than " + LONGEST + " characters.");
        }
        boolean common =
                COMMON.contains(lower)
                        || lower.chars().distinct().count() < 4
                        || (username.length() > 3
                                && lower.contains(username.toLowerCase(Locale.ROOT))
                                && password.length() < SHORTEST + username.length());
        return common
                ? Optional.of("The password is one of those that are tried first.")
                : Optional.empty();
    }

    /** What is wrong with a mail account's password, which a program keeps and nobody types. */
    static Optional<String> mailProblem(String username, String password) {
        if (password.length() < SHORTEST_FOR_MAIL) {
            return Optional.of(
                    "The password is shorter than " + SHORTEST_FOR_MAIL + " characters.");
        }
        if (password.length() > LONGEST) {
            return Optional.of("The password is longer than " + LONGEST + " characters.");
        }
        if (password.chars().anyMatch(Character::isISOControl)) {
            return Optional.of("The password holds a control character, which AUTH cannot carry.");
        }
        return password.equalsIgnoreCase(username)
                ? Optional.of("The password is the user name.")
                : Optional.empty();
    }
}

package org.sealpost.account;

import com.nulabinc.zxcvbn.Zxcvbn;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which passwords people may choose: long, and not what everybody tries first. */
final class PasswordRules {

    static final int SHORTEST = 12;
    static final int SHORTEST_FOR_MAIL = 8;
    private static final int LONGEST = 200;

    /** Below this of 0 to 4, a password falls to less than a hundred million guesses. */
    private static final int STRONG = 3;

    /** More adds nothing, and the time it takes grows faster than the length. */
    private static final int MEASURED = 64;

    /** Knows the most common passwords of breaches, names, words, and patterns of keyboards. */
    private static final Zxcvbn GUESSES = new Zxcvbn();

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
        String measured = password.substring(0, Math.min(password.length(), MEASURED));
        boolean common =
                GUESSES.measure(measured, List.of(username, "sealpost")).getScore() < STRONG
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

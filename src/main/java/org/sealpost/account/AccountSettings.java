package org.sealpost.account;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.settings.SettingsSection;
import org.sealpost.settings.TimeSpan;

/**
 * What the console asks of whoever signs in.
 *
 * @param secondFactorFor the roles, by their words, that need a second factor
 * @param sessionLifetime how long a session lasts at most, used or not
 */
public record AccountSettings(List<String> secondFactorFor, Duration sessionLifetime) {

    public static final SettingsSection<AccountSettings> SECTION =
            new SettingsSection<>("accounts", AccountSettings.class, AccountSettings::problems);

    /** What a first start writes, and what migration V210 gives an older database. */
    static final AccountSettings STANDARD = new AccountSettings(List.of(), Duration.ofHours(12));

    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(30);

    public AccountSettings {
        secondFactorFor = secondFactorFor == null ? List.of() : List.copyOf(secondFactorFor);
    }

    /** Whether somebody with these roles needs a second factor. */
    boolean demandsSecondFactor(Users.User user) {
        return user.roles().stream().map(Role::word).anyMatch(secondFactorFor::contains);
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        secondFactorFor.stream()
                .filter(word -> Role.parse(word).isEmpty())
                .forEach(word ->
                        problems.add(
                                new Problem(
                                        "secondFactorFor",
                                        "“" + word + "” is not a role.",
                                        "Use viewer, operator, policy-editor,"
                                                + " certificate-manager, administrator or"
                                                + " auditor.")));
        if (!isBetween(sessionLifetime)) {
            problems.add(
                    new Problem(
                            "sessionLifetime",
                            "The longest session is missing, or not between five minutes and 30"
                                    + " days.",
                            TimeSpan.FORMS));
        }
        return problems;
    }

    private static boolean isBetween(@Nullable Duration span) {
        return span != null && span.compareTo(SHORTEST) >= 0 && span.compareTo(LONGEST) <= 0;
    }
}

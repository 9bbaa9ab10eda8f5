package org.sealpost.account;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.ApiTokens.NewToken;
import org.sealpost.mail.Cidr;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;

/** Checks a token that somebody asks for. */
final class TokenCheck {

    private static final int MOST_ADDRESSES = 50;

    private TokenCheck() {}

    /**
     * What may be stored: name, scopes and addresses without doubles and blanks.
     *
     * @throws InvalidInput with every problem found
     */
    static NewToken checked(NewToken asked, Instant now) {
        var problems = new ArrayList<Problem>();
        String name = asked.name() == null ? "" : asked.name().strip();
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,99}")) {
            problems.add(
                    new Problem(
                            "name",
                            "“" + name + "” is not a name for a token.",
                            "Use up to 100 letters, digits, spaces, dots, hyphens or"
                                    + " underscores, e.g. backup-job."));
        }
        List<String> scopes = words(asked.scopes());
        if (scopes.isEmpty()) {
            problems.add(
                    new Problem(
                            "scopes",
                            "A token needs at least one scope.",
                            "Give " + ApiTokens.SCOPES));
        }
        scopes.stream()
                .filter(scope -> !ApiTokens.SCOPES.contains(scope))
                .forEach(scope ->
                        problems.add(
                                new Problem(
                                        "scopes",
                                        "“" + scope + "” is not a scope.",
                                        "Use some of " + ApiTokens.SCOPES + ".")));
        Instant end = asked.expiresAt();
        if (end != null && !end.isAfter(now)) {
            problems.add(
                    new Problem(
                            "expiresAt",
                            end + " is over already.",
                            "Give a time to come, or none for a token that does not end."));
        }
        List<String> addresses = words(asked.addresses());
        addresses.stream()
                .filter(text -> Cidr.parse(text).isEmpty())
                .forEach(text ->
                        problems.add(
                                new Problem(
                                        "addresses",
                                        "“" + text + "” is not a network.",
                                        "Write 192.0.2.7 or 192.0.2.0/24.")));
        if (addresses.size() > MOST_ADDRESSES) {
            problems.add(
                    new Problem(
                            "addresses",
                            "There are more than " + MOST_ADDRESSES + " networks.",
                            "Put neighbours together into larger ones."));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return new NewToken(name, scopes, end, addresses);
    }

    private static List<String> words(@Nullable List<String> given) {
        return given == null
                ? List.of()
                : given.stream()
                        .map(word -> word == null ? "" : word.strip())
                        .filter(word -> !word.isEmpty())
                        .distinct()
                        .toList();
    }
}

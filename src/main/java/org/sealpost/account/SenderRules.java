package org.sealpost.account;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.MailAddress;

/** Which envelope senders a mail account may use, as written and as stored: one rule a line. */
final class SenderRules {

    private static final int MOST_CHARACTERS = 8000;

    private SenderRules() {}

    /** The rules in their canonical form; what is wrong is added to the problems. */
    static List<String> check(List<@Nullable String> written, List<Problem> problems) {
        var rules = new ArrayList<String>();
        for (int i = 0; i < written.size(); i++) {
            String text = written.get(i) == null ? "" : String.valueOf(written.get(i)).strip();
            Optional<String> rule = canonical(text);
            rule.filter(one -> !rules.contains(one)).ifPresent(rules::add);
            if (rule.isEmpty()) {
                problems.add(
                        new Problem(
                                "senders[" + i + "]",
                                "“" + text + "” is not a sender.",
                                "Write user@example.com, @example.com, or .example.com for its"
                                        + " sub-domains."));
            }
        }
        if (stored(rules).length() > MOST_CHARACTERS) {
            problems.add(
                    new Problem(
                            "senders",
                            "The senders are longer than "
                                    + MOST_CHARACTERS
                                    + " characters together.",
                            "Name domains instead of single addresses."));
        }
        return List.copyOf(rules);
    }

    private static Optional<String> canonical(String text) {
        if (text.startsWith("@") || text.startsWith(".")) {
            return DomainName.parse(text.substring(1)).map(domain -> text.charAt(0) + "" + domain);
        }
        return text.contains("@")
                ? MailAddress.parse(text).map(MailAddress::toString)
                : DomainName.parse(text).map(domain -> "@" + domain);
    }

    static String stored(List<String> rules) {
        return String.join("\n", rules);
    }

    static List<String> parse(String stored) {
        return stored.lines().filter(line -> !line.isEmpty()).toList();
    }

    /** The rules as the listeners compare them: addresses, {@code domain} and {@code .domain}. */
    static List<String> forComparison(String stored) {
        return parse(stored).stream()
                .map(rule -> rule.startsWith("@") ? rule.substring(1) : rule)
                .toList();
    }
}

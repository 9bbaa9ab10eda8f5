package org.sealpost.delivery;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.MailAddress;

/** Whose mail a route is for, as Postfix's {@code sender_dependent_relayhost_maps} are asked. */
final class SenderPattern {

    /** The route of all senders. */
    static final String ALL = "";

    /** The empty reverse path of bounces and notices. */
    static final String EMPTY_PATH = "<>";

    private SenderPattern() {}

    /** The canonical form; empty when it is neither an address nor a domain nor {@code <>}. */
    static Optional<String> parse(@Nullable String written) {
        String text = written == null ? "" : written.strip();
        if (text.isEmpty() || text.equals(EMPTY_PATH)) {
            return Optional.of(text);
        }
        if (text.startsWith("@") || !text.contains("@")) {
            return DomainName.parse(text.startsWith("@") ? text.substring(1) : text)
                    .map(DomainName::text);
        }
        return MailAddress.parse(text).map(SenderPattern::folded);
    }

    /** The forms under which a sender's route is looked for, in this order. */
    static List<String> keys(@Nullable MailAddress sender) {
        if (sender == null) {
            return List.of(EMPTY_PATH, ALL);
        }
        DomainName domain = sender.domainName();
        return domain == null
                ? List.of(folded(sender), ALL)
                : List.of(folded(sender), domain.text(), ALL);
    }

    private static String folded(MailAddress address) {
        DomainName domain = address.domainName();
        return address.localPart().toLowerCase(Locale.ROOT)
                + "@"
                + (domain == null ? address.domain().toLowerCase(Locale.ROOT) : domain.text());
    }
}

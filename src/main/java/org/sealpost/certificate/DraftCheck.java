package org.sealpost.certificate;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;

/** Reads what people write when a certificate is to be made. */
final class DraftCheck {

    private static final int MOST_NAMES = 100;
    private static final int MOST_DAYS = 3_650;
    private static final int MOST_AUTHORITY_NAME = 64;

    private DraftCheck() {}

    static Purpose purpose(@Nullable String word) {
        return Purpose.parse(word == null ? "server" : word)
                .filter(Purpose::isIdentity)
                .orElseThrow(() ->
                        new InvalidInput(
                                "purpose",
                                "“" + word + "” is no purpose of a certificate made here.",
                                "Choose server or client."));
    }

    static KeyKind key(@Nullable String word) {
        return KeyKind.parse(word == null ? "EC P-256" : word)
                .orElseThrow(() ->
                        new InvalidInput(
                                "key",
                                "“" + word + "” is no kind of key that is made here.",
                                "Choose one of " + KeyKind.words() + "."));
    }

    static int days(@Nullable Integer days, int otherwise) {
        int wanted = days == null ? otherwise : days;
        if (wanted < 1 || wanted > MOST_DAYS) {
            throw new InvalidInput(
                    "days",
                    "A certificate cannot be valid for " + wanted + " days.",
                    "Choose 1 to 3650 days.");
        }
        return wanted;
    }

    static String authorityName(@Nullable String name) {
        if (name == null
                || name.isBlank()
                || name.length() > MOST_AUTHORITY_NAME
                || name.codePoints().anyMatch(DraftCheck::isUnwritable)) {
            throw new InvalidInput(
                    "name", "An authority needs a name.", "Write 1 to 64 characters.");
        }
        return name.strip();
    }

    /** A control character, or half of one: neither has a place in a certificate. */
    private static boolean isUnwritable(int character) {
        return Character.isISOControl(character)
                || Character.getType(character) == Character.SURROGATE;
    }

    /** Names in the form certificates carry: lower case, A-labels, addresses without brackets. */
    static List<String> names(@Nullable List<String> names) {
        if (names == null || names.isEmpty() || names.size() > MOST_NAMES) {
            throw new InvalidInput(
                    "names",
                    "A certificate is made for 1 to 100 names.",
                    "Write the host names, the main one first.");
        }
        return names.stream().map(DraftCheck::name).distinct().toList();
    }

    private static String name(@Nullable String text) {
        String name = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
        var address = AddressLiteral.parse(name);
        if (address.isPresent()) {
            return address.get().getHostAddress();
        }
        String star = name.startsWith("*.") ? "*." : "";
        return DomainName.parse(name.substring(star.length()))
                .map(domain -> star + domain.text())
                .orElseThrow(() ->
                        new InvalidInput(
                                "names",
                                "“" + text + "” is neither a host name nor an IP address.",
                                "Write for example mail.example.com or *.example.com."));
    }
}

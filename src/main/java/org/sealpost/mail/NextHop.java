package org.sealpost.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a message goes next, verbatim as Postfix's {@code relayhost} writes it: {@code example.com}
 * (its MX hosts), {@code [mail.example.com]} (that host, no MX look-up), either with {@code :port}.
 * The four forms are four different keys of the TLS policy table.
 *
 * @param text the canonical form: lower case, A-labels, brackets and port as given
 * @param host the name or address literal without brackets and port
 * @param bracketed whether MX look-up is switched off
 * @param port a number or service name as written, or null when none was given
 */
public record NextHop(String text, String host, boolean bracketed, @Nullable String port) {

    private static final Pattern FORM =
            Pattern.compile("(?:\\[([^\\[\\]]+)]|([^\\[\\]:]+))(?::([A-Za-z0-9-]+))?");

    /** Reads a next hop; empty when it is neither a name nor an address literal in brackets. */
    public static Optional<NextHop> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean bracketed = matcher.group(1) != null;
        String port = matcher.group(3);
        if (port != null && !isPort(port)) {
            return Optional.empty();
        }
        String written = bracketed ? matcher.group(1) : matcher.group(2);
        Optional<String> host =
                DomainName.parse(written)
                        .map(DomainName::text)
                        .or(() -> bracketed ? literal(written) : Optional.empty());
        return host.map(name ->
                new NextHop(
                        (bracketed ? "[" + name + "]" : name)
                                + (port == null ? "" : ":" + port.toLowerCase(Locale.ROOT)),
                        name,
                        bracketed,
                        port == null ? null : port.toLowerCase(Locale.ROOT)));
    }

    public static NextHop of(DomainName domain) {
        return new NextHop(domain.text(), domain.text(), false, null);
    }

    /**
     * The keys under which a policy table is asked, in order: the verbatim next hop, then, only for
     * a bare host name, each parent with its leading dot (Postfix tls_policy semantics 1.1).
     */
    public List<String> lookupKeys() {
        var keys = new ArrayList<String>();
        keys.add(text);
        if (!bracketed && port == null) {
            keys.addAll(new DomainName(host).parents());
        }
        return List.copyOf(keys);
    }

    /** The port to connect to: the given one (service names as IANA assigns them), else 25. */
    public int portNumber() {
        if (port == null) {
            return 25;
        }
        return switch (port) {
            case "smtp" -> 25;
            case "smtps", "submissions" -> 465;
            case "submission" -> 587;
            default -> Integer.parseInt(port);
        };
    }

    private static boolean isPort(String port) {
        if (port.chars().allMatch(Character::isDigit)) {
            return port.length() <= 5
                    && Integer.parseInt(port) >= 1
                    && Integer.parseInt(port) <= 65535;
        }
        return List.of("smtp", "smtps", "submissions", "submission")
                .contains(port.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> literal(String written) {
        return AddressLiteral.parse(written)
                .map(address ->
                        written.toLowerCase(Locale.ROOT).startsWith("ipv6:")
                                ? written.substring(5).toLowerCase(Locale.ROOT)
                                : written.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return text;
    }
}

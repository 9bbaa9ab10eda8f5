package org.sealpost.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Cidr;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput.Problem;

/**
 * Who may relay without signing in, and for which domains everybody may send.
 *
 * @param networks CIDR networks whose clients may relay to any destination
 * @param domains recipient domains that are accepted from everybody; {@code example.com} does not
 *     include its sub-domains, {@code .example.com} is exactly those
 * @param openRelayReason why so many may relay that this is an open relay; null when it is none
 */
public record RelaySettings(
        List<String> networks, List<String> domains, @Nullable String openRelayReason) {

    public static final SettingsSection<RelaySettings> SECTION =
            new SettingsSection<>("relay", RelaySettings.class, RelaySettings::problems);

    private static final int LONGEST_REASON = 500;

    /** Top-level domains that exist within one's own network only (RFC 6761, 6762, 9476). */
    private static final Set<String> LOCAL =
            Set.of(
                    ".corp",
                    ".example",
                    ".home",
                    ".internal",
                    ".intranet",
                    ".invalid",
                    ".lan",
                    ".local",
                    ".localhost",
                    ".private",
                    ".test");

    /** A reason outlives nothing it was given for: the next wide network needs its own. */
    public RelaySettings {
        networks = List.copyOf(networks);
        domains = List.copyOf(domains);
        openRelayReason =
                openRelayReason == null
                                || openRelayReason.isBlank()
                                || open(networks, domains).isEmpty()
                        ? null
                        : openRelayReason.strip();
    }

    /** Settings under which nobody foreign may relay. */
    public RelaySettings(List<String> networks, List<String> domains) {
        this(networks, domains, null);
    }

    /** The networks and domains that make this an open relay; empty as it should be. */
    public List<String> open() {
        return open(networks, domains);
    }

    private static List<String> open(List<String> networks, List<String> domains) {
        return Stream.concat(
                        networks.stream().filter(WideNetwork::is),
                        domains.stream()
                                .filter(domain -> domain.matches("\\.[^.]+"))
                                .filter(domain -> !LOCAL.contains(domain.toLowerCase(Locale.ROOT))))
                .toList();
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        for (String network : networks) {
            if (Cidr.parse(network).isEmpty()) {
                problems.add(
                        new Problem(
                                "networks",
                                "“" + network + "” is not a network.",
                                "Write it in CIDR form with no bits set behind the prefix, e.g."
                                        + " 192.0.2.0/24."));
            }
        }
        for (String domain : domains) {
            String name = domain.startsWith(".") ? domain.substring(1) : domain;
            if (DomainName.parse(name).isEmpty()) {
                problems.add(
                        new Problem(
                                "domains",
                                "“" + domain + "” is not a domain.",
                                "Write example.com, or .example.com for its sub-domains."));
            }
        }
        if (!open().isEmpty() && openRelayReason == null) {
            problems.add(
                    new Problem(
                            "openRelayReason",
                            "This makes an open relay, which strangers will find and send spam"
                                    + " through: "
                                    + String.join(", ", open())
                                    + ".",
                            "Name the networks of your own machines and your own domains only, or"
                                    + " say in openRelayReason why it has to be so; the audit"
                                    + " keeps it."));
        }
        if (openRelayReason != null && openRelayReason.length() > LONGEST_REASON) {
            problems.add(
                    new Problem(
                            "openRelayReason",
                            "The reason is longer than " + LONGEST_REASON + " characters.",
                            "Shorten it."));
        }
        return problems;
    }
}

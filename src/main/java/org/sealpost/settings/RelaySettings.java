package org.sealpost.settings;

import java.util.ArrayList;
import java.util.List;
import org.sealpost.mail.Cidr;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput.Problem;

/**
 * Who may relay without signing in, and for which domains everybody may send.
 *
 * @param networks CIDR networks whose clients may relay to any destination
 * @param domains recipient domains that are accepted from everybody; {@code example.com} does not
 *     include its sub-domains, {@code .example.com} is exactly those
 */
public record RelaySettings(List<String> networks, List<String> domains) {

    public static final SettingsSection<RelaySettings> SECTION =
            new SettingsSection<>("relay", RelaySettings.class, RelaySettings::problems);

    public RelaySettings {
        networks = List.copyOf(networks);
        domains = List.copyOf(domains);
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
        return problems;
    }
}

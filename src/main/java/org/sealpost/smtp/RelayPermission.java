package org.sealpost.smtp;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Cidr;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.MailAddress;
import org.sealpost.settings.RelaySettings;

/**
 * Who may send where: clients in the relay networks and signed-in users anywhere, everybody else to
 * the relay domains only. Nothing a client claims, its HELO name included, changes that.
 */
final class RelayPermission {

    private RelayPermission() {}

    /**
     * @param client null for one that no network covers, wherever it is
     */
    static boolean mayRelay(
            RelaySettings settings,
            @Nullable InetAddress client,
            @Nullable String user,
            MailAddress recipient) {
        return user != null
                || (client != null
                        && settings.networks().stream()
                                .flatMap(network -> Cidr.parse(network).stream())
                                .anyMatch(network -> network.contains(client)))
                || isRelayDomain(settings, recipient);
    }

    /** Whether an account may use this envelope sender; the null one is for bounces only. */
    static boolean maySendAs(List<String> allowed, @Nullable MailAddress sender) {
        if (allowed.isEmpty()) {
            return true;
        }
        return sender != null
                && allowed.stream()
                        .anyMatch(rule ->
                                rule.contains("@")
                                        ? rule.equalsIgnoreCase(sender.toString())
                                        : covers(rule, sender));
    }

    private static boolean isRelayDomain(RelaySettings settings, MailAddress recipient) {
        return !isRerouted(recipient.localPart())
                && settings.domains().stream().anyMatch(domain -> covers(domain, recipient));
    }

    /** A local part that asks the next server to send the mail on. */
    private static boolean isRerouted(String localPart) {
        return localPart.contains("%") || localPart.contains("!") || localPart.contains("@");
    }

    private static boolean covers(String rule, MailAddress address) {
        DomainName domain = address.domainName();
        if (domain == null) {
            return false;
        }
        return rule.startsWith(".")
                ? domain.text().endsWith(rule.toLowerCase(Locale.ROOT))
                : DomainName.parse(rule).filter(domain::equals).isPresent();
    }
}

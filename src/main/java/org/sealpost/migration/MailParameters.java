package org.sealpost.migration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.NextHop;
import org.sealpost.migration.Draft.PlannedRoute;
import org.sealpost.migration.MigrationReport.Outcome;
import org.sealpost.policy.TlsSettings;
import org.sealpost.settings.Settings;
import org.sealpost.settings.WideNetwork;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Parameters about whose mail is taken, where it goes and when it is tried again. */
final class MailParameters {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Draft draft;
    private final Expansion main;
    private final PostfixFiles files;
    private final Settings settings;

    MailParameters(Draft draft, Expansion main, PostfixFiles files, Settings settings) {
        this.draft = draft;
        this.main = main;
        this.files = files;
        this.settings = settings;
    }

    /** What becomes of a parameter; empty when it is none of these. */
    Optional<Finding> read(String name, String value) {
        return Optional.ofNullable(
                switch (name) {
                    case "myhostname" -> hostname(name, value);
                    case "mynetworks" -> networks(name, value);
                    case "relay_domains" -> domains(name, value);
                    case "relayhost" -> relayhost(name, value);
                    case "default_transport" -> defaultTransport(name, value);
                    case "relay_transport" -> relayTransport(name, value);
                    case "sender_dependent_relayhost_maps",
                            "sender_dependent_default_transport_maps" ->
                            value.isEmpty()
                                    ? Finding.ignored("It is empty.")
                                    : Finding.refused(
                                            "The import reads no tables of senders. Add a route with a"
                                                    + " sender and the pattern * for each entry, and"
                                                    + " leave this parameter out.");
                    case "minimal_backoff_time" -> firstRetry(name, value);
                    case "maximal_backoff_time" -> retry(name, "maxRetry", value, 's');
                    case "maximal_queue_lifetime" -> retry(name, "lifetime", value, 'd');
                    case "delay_warning_time" -> delayWarning(name, value);
                    default -> null;
                });
    }

    private Finding hostname(String name, String value) {
        draft.set("general", "hostname", value, name);
        return Finding.applied("Sets the host name of banner and EHLO.");
    }

    private Finding networks(String name, String value) {
        var networks = new ArrayList<String>();
        for (String word : value.split("[\\s,]+")) {
            if (word.isEmpty()) {
                continue;
            }
            Optional<List<String>> read = Networks.read(word, files);
            if (read.isEmpty()) {
                return Finding.refused(
                        "“"
                                + word
                                + "” is not a network in CIDR form. Write e.g. 192.0.2.0/24 with no"
                                + " bits set behind the prefix; exceptions (!) and tables are not"
                                + " known, a file has to be attached.");
            }
            networks.addAll(read.get());
        }
        List<String> wide = networks.stream().filter(WideNetwork::is).toList();
        if (!wide.isEmpty()) {
            return Finding.refused(
                    "This lets the whole Internet relay ("
                            + String.join(", ", wide)
                            + "). Name the networks of your own machines.");
        }
        List<String> distinct = networks.stream().distinct().toList();
        set(name, "networks", distinct);
        return Finding.applied("Sets the networks that may relay: " + distinct + ".");
    }

    private Finding domains(String name, String value) {
        List<String> domains = domains(value);
        set(name, "domains", domains);
        return Finding.applied(
                "Sets the domains that everybody may send to: "
                        + domains
                        + ". Their sub-domains are not included, as they are in Postfix by default;"
                        + " add .example.com for those.");
    }

    /** The domains of a list, those of attached files among them. */
    private List<String> domains(String value) {
        var domains = new ArrayList<String>();
        for (String word : value.split("[\\s,]+")) {
            if (word.isEmpty()) {
                continue;
            }
            var table = PostfixFiles.Table.of(word);
            if (table.isText() || word.startsWith("/")) {
                domains.addAll(
                        Networks.keys(
                                files.attached(table.path())
                                        .orElseThrow(() ->
                                                new Expansion.Unusable(
                                                        "“"
                                                                + word
                                                                + "” was not attached. Send it along as"
                                                                + " a part named file."))));
            } else {
                domains.add(word);
            }
        }
        for (String domain : domains) {
            if (DomainName.parse(domain.replaceFirst("^\\.", "")).isEmpty()) {
                throw new Expansion.Unusable("“" + domain + "” is neither a domain nor a file.");
            }
        }
        return domains.stream().distinct().toList();
    }

    private Finding relayhost(String name, String value) {
        return value.isEmpty()
                ? Finding.ignored("It is empty: mail goes to MX hosts where no route says else.")
                : route("*", value, name);
    }

    private Finding defaultTransport(String name, String value) {
        String hop = smtpNextHop(value);
        return hop.isEmpty()
                ? Finding.ignored("Mail goes out by SMTP, as it always does here.")
                : route("*", hop, name);
    }

    private Finding relayTransport(String name, String value) {
        String hop = smtpNextHop(value);
        if (hop.isEmpty()) {
            return Finding.ignored("Mail goes out by SMTP, as it always does here.");
        }
        String domains = main.value("relay_domains");
        for (String domain : domains(domains == null ? "" : domains)) {
            Finding one = route(domain, hop, name);
            if (one.outcome() == Outcome.REFUSED) {
                return one;
            }
        }
        return Finding.applied("Becomes a route for each relay domain.");
    }

    private static String smtpNextHop(String transport) {
        return transport.isEmpty()
                ? ""
                : TransportTable.smtpNextHop(transport)
                        .orElseThrow(() ->
                                new Expansion.Unusable(
                                        "The import makes routes by SMTP only, not by “"
                                                + transport
                                                + "”. Write smtp:[host]:port."));
    }

    private Finding route(String pattern, String hop, String name) {
        Optional<NextHop> nextHop = NextHop.parse(hop);
        if (nextHop.isEmpty()) {
            return Finding.refused(
                    "“" + hop + "” is not a next hop. Write [mail.example.com]:587.");
        }
        var route = new PlannedRoute(nextHop.get().text(), name, 0, name + " = " + hop);
        PlannedRoute earlier = draft.route(pattern, route);
        return earlier == null
                ? Finding.applied("Becomes the route " + pattern + ".")
                : Finding.ignored(
                        "The route "
                                + pattern
                                + " comes from "
                                + earlier.source()
                                + ", which Postfix asks first.");
    }

    /** Postfix lets {@code may} fall back to clear text at the same age. */
    private Finding firstRetry(String name, String value) {
        Optional<Duration> time = PostfixTime.parse(value, 's');
        if (time.isEmpty()) {
            return Finding.refused(PostfixTime.REMEDY);
        }
        draft.set("retry", "firstRetry", time.get().toString(), name);
        draft.set(
                "tls",
                "clearTextFallback",
                JSON.objectNode()
                        .put("mode", settings.get(TlsSettings.SECTION).clearTextFallback().mode())
                        .put("after", time.get().toString()),
                name);
        return Finding.applied(
                "Sets firstRetry, and the age at which may falls back to clear text after a failed"
                        + " handshake.");
    }

    private Finding delayWarning(String name, String value) {
        Optional<Duration> time = PostfixTime.parse(value, 'h');
        return time.filter(Duration::isZero).isPresent()
                ? Finding.ignored(
                        "Senders are always told of a delay here; delayWarning says when.")
                : retry(name, "delayWarning", value, 'h');
    }

    private Finding retry(String name, String field, String value, char unit) {
        Optional<Duration> time = PostfixTime.parse(value, unit);
        if (time.filter(Duration::isZero).isPresent()) {
            return Finding.refused("A time of 0 has no meaning here. Write e.g. 1h.");
        }
        time.ifPresent(known -> draft.set("retry", field, known.toString(), name));
        return time.isPresent()
                ? Finding.applied("Sets " + field + ".")
                : Finding.refused(PostfixTime.REMEDY);
    }

    private void set(String name, String field, List<String> values) {
        ArrayNode list = JSON.arrayNode();
        values.forEach(list::add);
        draft.set("relay", field, list, name);
    }
}

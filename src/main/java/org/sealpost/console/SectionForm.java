package org.sealpost.console;

import static org.sealpost.console.SectionField.choices;
import static org.sealpost.console.SectionField.duration;
import static org.sealpost.console.SectionField.lines;
import static org.sealpost.console.SectionField.number;
import static org.sealpost.console.SectionField.optional;
import static org.sealpost.console.SectionField.text;

import java.util.Arrays;
import java.util.List;
import org.sealpost.account.AccountSettings;
import org.sealpost.account.Role;
import org.sealpost.delivery.DeliverySettings;
import org.sealpost.delivery.DnsSettings;
import org.sealpost.queue.RetrySettings;
import org.sealpost.settings.AlertSettings;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.RetentionSettings;
import org.sealpost.settings.SettingsSection;

/** A section of the settings that a plain form edits. */
public record SectionForm(
        SettingsSection<?> section, String title, String about, List<SectionField> fields) {

    private static final List<String> ROLES = Arrays.stream(Role.values()).map(Role::word).toList();

    static final List<SectionForm> ALL =
            List.of(
                    new SectionForm(
                            GeneralSettings.SECTION,
                            "General",
                            "Who this relay is to other mail servers and to people.",
                            List.of(
                                    text(
                                            "hostname",
                                            "Host name",
                                            "myhostname: in banner, EHLO, Received: and bounces"),
                                    text(
                                            "postmaster",
                                            "Postmaster",
                                            "Whom people write to about this relay"),
                                    text(
                                            "bounceSender",
                                            "Sender of bounces",
                                            "In the From: line; the envelope sender of a bounce is"
                                                    + " always empty"))),
                    new SectionForm(
                            RelaySettings.SECTION,
                            "Relay",
                            "Who may send through this relay without signing in, and for which"
                                    + " domains everybody may.",
                            List.of(
                                    lines(
                                            "networks",
                                            "Networks that may send anywhere",
                                            "mynetworks, one a line, e.g. 192.0.2.0/24. Whoever is"
                                                    + " in them relays without a password."),
                                    lines(
                                            "domains",
                                            "Domains everybody may send to",
                                            "relay_domains, one a line. example.com leaves out its"
                                                    + " sub-domains; .example.com is exactly"
                                                    + " those."),
                                    optional(
                                            "openRelayReason",
                                            "Reason for an open relay",
                                            "Asked for when the networks hold a public range wider"
                                                    + " than /16, or a domain is a whole top-level"
                                                    + " one: strangers could send anything"
                                                    + " through this relay"))),
                    new SectionForm(
                            RetrySettings.SECTION,
                            "Retry",
                            "When mail that could not be delivered is tried again, and for how"
                                    + " long.",
                            List.of(
                                    duration(
                                            "firstRetry",
                                            "First retry after",
                                            "minimal_backoff_time; the wait doubles each time"),
                                    duration("maxRetry", "Longest wait", "maximal_backoff_time"),
                                    duration(
                                            "lifetime",
                                            "Given back to the sender after",
                                            "maximal_queue_lifetime"),
                                    duration(
                                            "delayWarning",
                                            "Sender told of the delay after",
                                            "delay_warning_time"))),
                    new SectionForm(
                            DeliverySettings.SECTION,
                            "Delivery",
                            "How much one destination is sent at a time.",
                            List.of(
                                    number(
                                            "sessionsPerDestination",
                                            "Most sessions with one destination",
                                            "default_destination_concurrency_limit, 1 to 100; fewer"
                                                    + " while it fails"),
                                    number(
                                            "messagesPerMinute",
                                            "Most messages a minute to one destination",
                                            "0 for no limit"),
                                    lines(
                                            "sourceAddresses",
                                            "Sent from",
                                            "smtp_bind_address, smtp_bind_address6: addresses of this"
                                                    + " machine, one a line, at most one for IPv4"
                                                    + " and one for IPv6; a route may name others."
                                                    + " None lets the system choose"),
                                    duration(
                                            "addressDelay",
                                            "Wait before the next address of a host",
                                            "It is then tried beside the one before, and the first"
                                                    + " to answer is used (RFC 8305): 0.25s"))),
                    new SectionForm(
                            DnsSettings.SECTION,
                            "DNS",
                            "Whom Sealpost asks for MX and addresses.",
                            List.of(
                                    lines(
                                            "servers",
                                            "Name servers",
                                            "One address a line, for IPv4 also 192.0.2.53:5353;"
                                                    + " none asks the machine’s own"),
                                    duration(
                                            "timeout",
                                            "Longest wait for an answer",
                                            "1 to 60 seconds"))),
                    new SectionForm(
                            RetentionSettings.SECTION,
                            "Retention",
                            "How long records are kept before they are deleted.",
                            List.of(
                                    duration("events", "Connection log", "E.g. 30d"),
                                    number(
                                            "eventsMegabytes",
                                            "Largest connection log, in megabytes",
                                            "The oldest rows beyond it are deleted at whatever age"),
                                    duration(
                                            "audit",
                                            "Audit",
                                            "Nothing of the audit is deleted so far, whatever stands here"),
                                    duration("selfTests", "Results of self-tests", ""))),
                    new SectionForm(
                            AccountSettings.SECTION,
                            "Accounts",
                            "What the console asks of whoever signs in.",
                            List.of(
                                    choices(
                                            "secondFactorFor",
                                            "A second factor is demanded of",
                                            ROLES,
                                            ROLES.toArray(String[]::new)),
                                    duration(
                                            "sessionLifetime",
                                            "Longest session",
                                            "Then one signs in again, however busy one was; 5m to"
                                                    + " 30d"))),
                    new SectionForm(
                            AlertSettings.SECTION,
                            "Alerts",
                            "Who is told by mail that something needs a person, at most once a day"
                                    + " for each subject.",
                            List.of(
                                    optional(
                                            "to",
                                            "Mail address",
                                            "Empty writes to the postmaster of the general"
                                                    + " settings"),
                                    choices(
                                            "events",
                                            "Told are",
                                            AlertSettings.EVENTS,
                                            "a certificate near its end or past it",
                                            "a listener that cannot take mail",
                                            "little space on the disk of the queue",
                                            "mail that a TLS rule keeps waiting for over four"
                                                    + " hours",
                                            "a self-test that found something worse"))));

    public String name() {
        return section.name();
    }
}

package org.sealpost.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.settings.SettingsSection;

/**
 * How much one destination is sent at a time.
 *
 * @param sessionsPerDestination the most deliveries to one next hop at a time; as many as it bears
 *     up to that
 * @param messagesPerMinute the most to one next hop; 0 for no limit
 * @param sourceAddresses addresses of this machine to connect from where a route names none; empty
 *     lets the system choose
 * @param addressDelay after which the next address of a host is tried beside the one before
 */
public record DeliverySettings(
        int sessionsPerDestination,
        int messagesPerMinute,
        List<String> sourceAddresses,
        Duration addressDelay) {

    public static final SettingsSection<DeliverySettings> SECTION =
            new SettingsSection<>("delivery", DeliverySettings.class, DeliverySettings::problems);

    /** What a first start writes, and what migrations give an older database. */
    static final DeliverySettings STANDARD =
            new DeliverySettings(20, 0, List.of(), Connector.DEFAULT_DELAY);

    public DeliverySettings {
        sourceAddresses = List.copyOf(sourceAddresses);
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        if (sessionsPerDestination < 1 || sessionsPerDestination > 100) {
            problems.add(
                    new Problem(
                            "sessionsPerDestination",
                            "The number of sessions is not between 1 and 100.",
                            "20 is usual; write less for a server that complains."));
        }
        if (messagesPerMinute < 0 || messagesPerMinute > 1_000_000) {
            problems.add(
                    new Problem(
                            "messagesPerMinute",
                            "The number of messages is not between 0 and 1,000,000.",
                            "Write 0 for no limit."));
        }
        problems.addAll(SourceAddresses.problems("sourceAddresses", sourceAddresses));
        if (addressDelay.toMillis() < 10 || addressDelay.toSeconds() > 60) {
            problems.add(
                    new Problem(
                            "addressDelay",
                            "The delay is not between 10 milliseconds and a minute.",
                            "0.25s is usual (RFC 8305); 60s tries one address after the other."));
        }
        return problems;
    }
}

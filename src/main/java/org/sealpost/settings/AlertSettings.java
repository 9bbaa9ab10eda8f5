package org.sealpost.settings;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.MailAddress;

/**
 * Who is told by mail that something needs a person.
 *
 * @param to a mail address; null for the postmaster of the general settings
 * @param events what is told, among {@link #EVENTS}; none switches alerts off
 */
public record AlertSettings(@Nullable String to, List<String> events) {

    /** A certificate comes near its end or passed it. */
    public static final String CERTIFICATE_EXPIRING = "certificate-expiring";

    /** A listener cannot take mail. */
    public static final String LISTENER_DOWN = "listener-down";

    /** Little space is left on the disk of the queue. */
    public static final String DISK_LOW = "disk-low";

    /** Mail waits for more than four hours because of a TLS rule. */
    public static final String TLS_DEFERRED = "tls-deferred";

    /** A self-test found something worse than the one before. */
    public static final String SELF_TEST_WORSE = "self-test-worse";

    public static final List<String> EVENTS =
            List.of(CERTIFICATE_EXPIRING, LISTENER_DOWN, DISK_LOW, TLS_DEFERRED, SELF_TEST_WORSE);

    public static final SettingsSection<AlertSettings> SECTION =
            new SettingsSection<>("alerts", AlertSettings.class, AlertSettings::problems);

    /** What a first start writes, and what migration V090 gives an older database. */
    static final AlertSettings STANDARD = new AlertSettings(null, EVENTS);

    public AlertSettings {
        events = events == null ? List.of() : List.copyOf(events);
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        if (to != null && MailAddress.parse(to).isEmpty()) {
            problems.add(
                    new Problem(
                            "to",
                            "“" + to + "” is not a mail address.",
                            "Write it as name@example.com, or null for the postmaster."));
        }
        events.stream()
                .filter(event -> !EVENTS.contains(event))
                .forEach(event ->
                        problems.add(
                                new Problem(
                                        "events",
                                        "There is no alert “" + event + "”.",
                                        "Choose among " + String.join(", ", EVENTS) + ".")));
        return problems;
    }
}

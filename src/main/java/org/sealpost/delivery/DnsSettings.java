package org.sealpost.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.settings.SettingsSection;
import org.sealpost.settings.TimeSpan;

/**
 * Who is asked for MX and addresses.
 *
 * @param servers addresses of name servers, {@code 192.0.2.53} or {@code 192.0.2.53:5353}; empty
 *     for the system's own
 * @param timeout the longest wait for one answer
 */
public record DnsSettings(List<String> servers, Duration timeout) {

    public static final SettingsSection<DnsSettings> SECTION =
            new SettingsSection<>("dns", DnsSettings.class, DnsSettings::problems);

    static final DnsSettings STANDARD = new DnsSettings(List.of(), Duration.ofSeconds(5));

    public DnsSettings {
        servers = List.copyOf(servers);
    }

    /** Splits {@code 192.0.2.53:5353}; the port is 53 when none is written. */
    record Server(String address, int port) {
        static Server of(String text) {
            int colon = text.lastIndexOf(':');
            boolean withPort = colon > 0 && text.indexOf(':') == colon;
            return withPort
                    ? new Server(
                            text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)))
                    : new Server(text, 53);
        }
    }

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        for (String server : servers) {
            boolean wellFormed =
                    server.matches("[0-9.]+(:\\d{1,5})?")
                            ? AddressLiteral.parse(Server.of(server).address()).isPresent()
                            : AddressLiteral.parse(server).isPresent();
            if (!wellFormed) {
                problems.add(
                        new Problem(
                                "servers",
                                "“" + server + "” is not the address of a name server.",
                                "Write an IP address, for IPv4 also with a port."));
            }
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.toSeconds() > 60) {
            problems.add(
                    new Problem(
                            "timeout",
                            "The time limit is not between 1 and 60 seconds.",
                            TimeSpan.FORMS));
        }
        return problems;
    }
}

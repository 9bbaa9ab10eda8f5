package org.sealpost.migration;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.sealpost.migration.MasterCf.Service;
import org.sealpost.migration.MigrationReport.FoundListener;

/** What the services of {@code master.cf} come to. */
final class Services {

    private final Draft draft;
    private final Expansion main;
    private final BiFunction<String, String, Finding> sending;

    /**
     * A reading.
     *
     * @param sending says what becomes of a parameter of the SMTP client
     */
    Services(Draft draft, Expansion main, BiFunction<String, String, Finding> sending) {
        this.draft = draft;
        this.main = main;
        this.sending = sending;
    }

    /** Reads the services that receive mail, and every override of the others. */
    void read(MasterCf master) {
        master.malformed()
                .forEach(line ->
                        draft.add(
                                "master.cf",
                                line,
                                Finding.refused(
                                        "This is no service: it has fewer than eight fields.")));
        for (Service service : master.services()) {
            if (service.receives()) {
                listener(service);
            }
            service.overrides()
                    .forEach((name, value) ->
                            draft.add(
                                    service.name() + "/" + service.type() + "/" + name,
                                    value,
                                    finding(service, name, value)));
        }
    }

    /** The transports that are Postfix's SMTP client with nothing of their own about TLS. */
    static Set<String> clients(MasterCf master) {
        var clients = new HashSet<String>();
        for (Service service : master.services()) {
            if (service.sends()
                    && service.overrides().keySet().stream().noneMatch(Services::isTls)) {
                clients.add(service.name());
            }
        }
        return clients;
    }

    /** What the service {@code smtp}, which sends most mail, says in the place of main.cf. */
    static Map<String, String> ofTheClient(MasterCf master) {
        return master.services().stream()
                .filter(service -> service.sends() && service.name().equals("smtp"))
                .findFirst()
                .map(Service::overrides)
                .orElse(Map.of());
    }

    private Finding finding(Service service, String name, String value) {
        if (service.sends() && service.name().equals("smtp") && isTls(name)) {
            return sending.apply(name, value);
        }
        if (service.sends() && isTls(name)) {
            return Finding.refused(
                    "Sealpost has one way of sending, whose TLS is a rule of the next hop. Give each"
                            + " next hop that uses the transport "
                            + service.name()
                            + " such a rule, then leave the override out.");
        }
        return KnownParameters.of(name)
                .orElseGet(() ->
                        Finding.ignored("It concerns a process that Sealpost does not have."));
    }

    static boolean isTls(String name) {
        return name.startsWith("smtp_tls_")
                || name.equals("smtp_use_tls")
                || name.equals("smtp_enforce_tls");
    }

    private void listener(Service service) {
        Integer port = service.port();
        boolean implicit = TlsParameters.yes(value(service, "smtpd_tls_wrappermode"));
        String level = value(service, "smtpd_tls_security_level");
        if (level == null || level.isEmpty()) {
            level =
                    TlsParameters.yes(value(service, "smtpd_enforce_tls"))
                            ? "encrypt"
                            : TlsParameters.yes(value(service, "smtpd_use_tls")) ? "may" : "none";
        }
        draft.listener(
                new FoundListener(
                        service.name(),
                        port == null ? null : ours(port),
                        port,
                        implicit,
                        implicit ? "encrypt" : level,
                        TlsParameters.yes(value(service, "smtpd_sasl_auth_enable"))));
    }

    private static @Nullable String ours(int port) {
        return switch (port) {
            case 25 -> "smtp";
            case 465 -> "smtps";
            case 587 -> "submission";
            default -> null;
        };
    }

    private @Nullable String value(Service service, String name) {
        String override = service.overrides().get(name);
        try {
            return override == null ? main.value(name) : main.of(Objects.requireNonNull(override));
        } catch (Expansion.Unusable unusable) {
            return null; // reported where the parameter itself is read
        }
    }
}

package org.sealpost.migration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sealpost.migration.MainCf.Setting;
import org.sealpost.migration.PostfixFiles.Table;
import org.sealpost.policy.postfix.TlsPolicyFile.Content;
import org.sealpost.settings.Settings;

/** Reads all files and says of each parameter what becomes of it; changes nothing. */
final class MigrationPlan {

    /** The order in which Postfix asks where mail goes: the first that answers counts. */
    private static final List<String> ROUTING =
            List.of("transport_maps", "default_transport", "relay_transport", "relayhost");

    private final PostfixFiles files;
    private final Draft draft = new Draft();
    private final PolicyTables tables;
    private final MainCf mainCf;
    private final MasterCf masterCf;
    private final Map<String, Setting> effective;
    private final Expansion values;
    private final TlsParameters tls;
    private final MailParameters mail;
    private final ListenerParameters listeners = new ListenerParameters(draft);

    private MigrationPlan(PostfixFiles files, Settings settings) {
        this.files = files;
        this.mainCf = MainCf.parse(files.mainCf() == null ? "" : files.mainCf());
        this.masterCf = MasterCf.parse(files.masterCf() == null ? "" : files.masterCf());
        this.effective = mainCf.effective();
        this.tables = new PolicyTables(files, draft);
        // What the service smtp is told with -o counts in the place of main.cf.
        var client = new HashMap<>(effective);
        Services.ofTheClient(masterCf)
                .forEach((name, value) -> {
                    if (Services.isTls(name)) {
                        client.put(name, new Setting(0, name, value));
                    }
                });
        this.values = new Expansion(client);
        this.tls = new TlsParameters(draft, values);
        this.mail = new MailParameters(draft, values, files, settings);
    }

    /** What was read: the draft, and the rules. */
    record Read(Draft draft, Content policies) {}

    static Read of(PostfixFiles files, Settings settings) {
        return new MigrationPlan(files, settings).read();
    }

    private Read read() {
        String part = files.transport();
        if (part != null && !effective.containsKey("transport_maps")) {
            transport("transport", part);
        }
        var routing = new HashMap<String, Finding>();
        for (String name : ROUTING) {
            if (effective.containsKey(name)) {
                routing.put(name, finding(name, effective.get(name).value()));
            }
        }
        mainCf.malformed()
                .forEach(line ->
                        draft.add(
                                "main.cf",
                                line,
                                Finding.refused("This is no parameter. Write name = value.")));
        for (Setting setting : mainCf.settings()) {
            draft.add(setting.name(), shown(setting), finding(setting, routing));
        }
        new Services(draft, new Expansion(effective), this::finding).read(masterCf);
        return new Read(draft, tables.content());
    }

    private Finding finding(Setting setting, Map<String, Finding> routing) {
        Setting last = effective.get(setting.name());
        if (last != null && !last.equals(setting)) {
            return overridden(setting, last);
        }
        if (Services.isTls(setting.name())
                && Services.ofTheClient(masterCf).containsKey(setting.name())) {
            return Finding.ignored("The service smtp of master.cf has its own value.");
        }
        Finding known = routing.get(setting.name());
        return known != null ? known : finding(setting.name(), setting.value());
    }

    private static Finding overridden(Setting setting, Setting last) {
        String again =
                "It is set again on line " + last.line() + "; the last one counts, as in Postfix.";
        boolean obsolete =
                setting.name().endsWith("_protocols")
                        && ProtocolText.of(setting.value()).obsolete();
        return obsolete
                ? Finding.obsolete(
                        again
                                + " “"
                                + setting.value()
                                + "” leaves only versions that are broken and not offered here.")
                : Finding.ignored(again);
    }

    private Finding finding(String name, String written) {
        try {
            return expanded(name, values.of(written));
        } catch (Expansion.Unusable unusable) {
            return Finding.refused(unusable.getMessage() + " Correct it in main.cf.");
        }
    }

    private Finding expanded(String name, String value) {
        return switch (name) {
            case "smtp_tls_policy_maps" -> tables.maps(value);
            case "transport_maps" -> transportMaps(value);
            default ->
                    tls.read(name, value)
                            .or(() -> mail.read(name, value))
                            .or(() -> listeners.read(name, value))
                            .or(() -> KnownParameters.of(name))
                            .orElseGet(() -> unknown(name));
        };
    }

    private Finding unknown(String name) {
        boolean used =
                mainCf.settings().stream()
                        .anyMatch(other ->
                                other.value().contains("$" + name)
                                        || other.value().contains("{" + name));
        return Finding.ignored(
                used
                        ? "A name of your own; its value was put in where it is used."
                        : "It has no counterpart in Sealpost and does not concern TLS, routes or"
                                + " relaying.");
    }

    private Finding transportMaps(String value) {
        List<String> references = TableFiles.references(value);
        if (references.isEmpty()) {
            return Finding.ignored("It is empty.");
        }
        for (String reference : references) {
            Table table = Table.of(reference);
            String text =
                    table.isText()
                            ? TableFiles.find(
                                    files,
                                    table,
                                    references.size() == 1,
                                    "transport",
                                    files.transport())
                            : null;
            if (text == null) {
                return Finding.refused(
                        table.isText()
                                ? table.path()
                                        + " was not attached; without it mail would go elsewhere. Send it"
                                        + " along as the part transport, or as a part named file."
                                : "A table of type "
                                        + table.type()
                                        + " is asked for each message and cannot be read here. Write its"
                                        + " entries into a transport file.");
            }
            transport("transport_maps", text);
        }
        return Finding.applied("Its entries become routes.");
    }

    private void transport(String source, String text) {
        Set<String> clients = Services.clients(masterCf);
        new TransportTable(draft, clients).read(source, text);
    }

    /** A table in main.cf itself may hold passwords. */
    private static String shown(Setting setting) {
        return setting.name().contains("password") && setting.value().contains("static:")
                ? "static:…"
                : setting.value();
    }
}

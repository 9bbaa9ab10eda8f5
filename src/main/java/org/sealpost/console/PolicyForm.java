package org.sealpost.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyAttributes.PinLabel;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.tls.TlsLevel;

/**
 * A rule as the form edits it; lists have one entry per line.
 *
 * @param version what the change is based on; null for a new rule
 */
public record PolicyForm(
        @Nullable String nextHop,
        @Nullable String level,
        @Nullable String match,
        @Nullable String protocols,
        @Nullable String ciphers,
        @Nullable String exclude,
        @Nullable String tafile,
        @Nullable String servername,
        @Nullable String connect,
        @Nullable String mode,
        @Nullable String note,
        @Nullable Long clientCertificateId,
        @Nullable Long version) {

    /** A new rule of which another page knows some parts; what makes no sense is left out. */
    static PolicyForm begun(
            @Nullable String nextHop,
            @Nullable String level,
            @Nullable String match,
            @Nullable String tafile) {
        return new PolicyForm(
                nextHop == null ? "" : nextHop,
                TlsLevel.parse(level == null ? "" : level).orElse(TlsLevel.SECURE).word(),
                match == null ? "" : match,
                "",
                "",
                "",
                tafile == null ? "" : tafile,
                "",
                "",
                "enforced",
                "",
                null,
                null);
    }

    static PolicyForm of(TlsPolicy policy) {
        PolicyAttributes attributes = policy.attributes();
        return new PolicyForm(
                policy.nextHop(),
                policy.level().word(),
                lines(attributes.match()),
                attributes.protocols(),
                attributes.ciphers(),
                attributes.exclude(),
                lines(attributes.tafile()),
                attributes.servername(),
                attributes.connect(),
                policy.mode(),
                policy.note(),
                policy.clientCertificateId(),
                policy.version());
    }

    /**
     * The draft this form asks for. With script, the form does not send the attributes that its
     * level does not take: they go, or stay stored at level none, which ignores them anyway.
     *
     * @param stored what the rule has now; attributes the form does not show stay as they are
     */
    PolicyDraft toDraft(PolicyAttributes stored) {
        boolean keeps = "none".equals(level);
        List<String> names = keeps && match == null ? stored.match() : list(match);
        return new PolicyDraft(
                nextHop,
                level,
                stored.toBuilder()
                        .match(names)
                        .labels(labels(stored, names))
                        .protocols(given(protocols, stored.protocols(), keeps))
                        .ciphers(given(ciphers, stored.ciphers(), keeps))
                        .exclude(given(exclude, stored.exclude(), keeps))
                        .tafile(keeps && tafile == null ? stored.tafile() : list(tafile))
                        .servername(given(servername, stored.servername(), keeps))
                        .connect(keeps && connect == null ? stored.connect() : given(connect))
                        .build(),
                given(mode),
                clientCertificateId,
                note == null ? null : note.replace("\r\n", "\n").strip());
    }

    /** Labels go with their pins. */
    private @Nullable Map<String, PinLabel> labels(
            PolicyAttributes stored, @Nullable List<String> pins) {
        Map<String, PinLabel> labels = stored.labels();
        if (labels == null || pins == null || !"fingerprint".equals(level)) {
            return "none".equals(level) ? labels : null;
        }
        var kept = new LinkedHashMap<>(labels);
        kept.keySet()
                .removeIf(pin ->
                        pins.stream()
                                .flatMap(line -> Arrays.stream(line.split("\\|")))
                                .noneMatch(one -> one.strip().equalsIgnoreCase(pin)));
        return kept;
    }

    /** What a rule has that the form cannot change. */
    static List<Kept> kept(PolicyAttributes attributes) {
        var kept = new ArrayList<Kept>();
        add(kept, "connection_reuse", attributes.connectionReuse());
        add(kept, "enable_rpk", attributes.enableRpk());
        add(kept, "policy_type", attributes.policyType());
        add(kept, "policy_domain", attributes.policyDomain());
        add(kept, "policy_failure", attributes.policyFailure());
        add(kept, "policy_ttl", attributes.policyTtl());
        addAll(kept, "policy_string", attributes.policyString());
        addAll(kept, "mx_host_pattern", attributes.mxHostPattern());
        Map<String, PinLabel> labels = attributes.labels();
        if (labels != null) {
            labels.forEach((pin, label) ->
                    kept.add(
                            new Kept(
                                    pin,
                                    Stream.of(label.label(), label.seenAt())
                                            .filter(Objects::nonNull)
                                            .collect(Collectors.joining(", seen at ")))));
        }
        return kept;
    }

    /** What was sent, by name, to be sent again; what was not sent is left out. */
    Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        put(fields, "nextHop", nextHop);
        put(fields, "level", level);
        put(fields, "match", match);
        put(fields, "protocols", protocols);
        put(fields, "ciphers", ciphers);
        put(fields, "exclude", exclude);
        put(fields, "tafile", tafile);
        put(fields, "servername", servername);
        put(fields, "connect", connect);
        put(fields, "mode", mode);
        put(fields, "note", note);
        put(fields, "clientCertificateId", clientCertificateId);
        put(fields, "version", version);
        return fields;
    }

    private static void put(Map<String, String> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }

    /** An attribute, or a pin with its label. */
    public record Kept(String name, String value) {}

    private static void add(List<Kept> kept, String name, @Nullable String value) {
        if (value != null) {
            kept.add(new Kept(name, value));
        }
    }

    private static void addAll(List<Kept> kept, String name, @Nullable List<String> values) {
        if (values != null) {
            kept.add(new Kept(name, String.join(", ", values)));
        }
    }

    /** An empty text is a value of its own; a blank field does not turn it into none. */
    private static @Nullable String given(
            @Nullable String text, @Nullable String stored, boolean keeps) {
        if (text == null && keeps) {
            return stored;
        }
        String given = given(text);
        return given == null && stored != null && stored.isEmpty() ? stored : given;
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable List<String> list(@Nullable String lines) {
        List<String> given =
                lines == null
                        ? List.of()
                        : lines.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return given.isEmpty() ? null : given;
    }

    private static String lines(@Nullable List<String> list) {
        return list == null ? "" : String.join("\n", list);
    }
}

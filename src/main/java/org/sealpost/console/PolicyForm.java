package org.sealpost.console;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicy;

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

    static final PolicyForm EMPTY =
            new PolicyForm("", "secure", "", "", "", "", "", "", "", "enforced", "", null, null);

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
     * The draft this form asks for.
     *
     * @param stored what the rule has now; attributes the form does not show stay as they are
     */
    PolicyDraft toDraft(PolicyAttributes stored) {
        return new PolicyDraft(
                nextHop,
                level,
                stored.toBuilder()
                        .match(list(match))
                        .protocols(given(protocols, stored.protocols()))
                        .ciphers(given(ciphers, stored.ciphers()))
                        .exclude(given(exclude, stored.exclude()))
                        .tafile(list(tafile))
                        .servername(given(servername, stored.servername()))
                        .connect(given(connect))
                        .build(),
                given(mode),
                clientCertificateId,
                note == null ? null : note.replace("\r\n", "\n").strip());
    }

    /** An empty text is a value of its own; a blank field does not turn it into none. */
    private static @Nullable String given(@Nullable String text, @Nullable String stored) {
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

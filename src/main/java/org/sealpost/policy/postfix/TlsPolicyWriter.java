package org.sealpost.policy.postfix;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.tls.TlsLevel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes rules as a {@code tls_policy}. Each entry is read back as it is written: whatever the
 * entry alone would lose goes onto a {@code # sealpost:} line above it.
 */
public final class TlsPolicyWriter {

    private final Digest digest;

    /**
     * A writer.
     *
     * @param digest the one that Postfix is told in {@code smtp_tls_fingerprint_digest}
     */
    public TlsPolicyWriter(Digest digest) {
        this.digest = digest;
    }

    /** What stands at the top: how Postfix has to be configured, and what differs there. */
    public String header() {
        return """
        # TLS policy table, written by Sealpost for smtp_tls_policy_maps of Postfix.
        # Postfix also needs: smtp_tls_fingerprint_digest = %s
        # Without servername= Sealpost sends the MX host name as SNI; Postfix sends none.
        # On port 465, and where "connect":"implicit" says so, Sealpost begins with TLS; Postfix
        # needs a transport with smtp_tls_wrappermode = yes for that and defers without it.
        # A 5xx answer to STARTTLS makes mail wait here; Postfix returns it at once.
        # "# sealpost:" lines hold what Postfix cannot say of the next entry; import reads them.
        # "# sealpost-only:" entries are disabled, or Postfix has no words for them.

        """
                .formatted(digest.word());
    }

    /** A whole table, in the order in which its rules were written. */
    public String table(Collection<TlsPolicy> rules) {
        var file = new StringBuilder(header());
        rules.stream()
                .sorted(Comparator.comparingLong(TlsPolicy::id))
                .forEach(rule -> file.append(entry(rule)));
        return file.toString();
    }

    /** The lines of one rule, each with its line end. */
    public String entry(TlsPolicy rule) {
        ObjectNode attributes = SealpostLine.JSON.valueToTree(rule.attributes());
        Optional<String> readable =
                rule.mode().equals("enforced")
                        ? value(rule.level(), attributes, digest)
                        : Optional.empty();
        String value =
                readable.or(() -> value(rule.level(), attributes, null))
                        .orElseGet(() -> rule.level().word());
        String extra = extra(rule, attributes, value);
        return (extra.isEmpty() ? "" : "# " + SealpostLine.PREFIX + " " + extra + "\n")
                + (readable.isPresent() ? "" : "# " + TlsPolicyFile.UNREAD + " ")
                + rule.nextHop()
                + " "
                + value
                + "\n";
    }

    /** The right-hand side; empty when an attribute cannot be said or would not be read back. */
    private static Optional<String> value(
            TlsLevel level, ObjectNode attributes, @Nullable Digest digest) {
        var form = new PostfixForm(level, digest);
        var tokens = new ArrayList<String>(List.of(level.word()));
        for (Attribute attribute : Attribute.values()) {
            JsonNode value = attributes.get(attribute.word());
            if (value == null || value.isNull()) {
                continue;
            }
            Optional<List<String>> said = form.of(attribute, value);
            if (said.isPresent()) {
                tokens.addAll(said.get());
            } else if (digest != null) {
                return Optional.empty();
            }
        }
        String text = String.join(" ", tokens);
        return PolicyValue.parse(text).problems().isEmpty() ? Optional.of(text) : Optional.empty();
    }

    /** The JSON of what the entry does not say; empty when it says all. */
    private static String extra(TlsPolicy rule, ObjectNode attributes, String value) {
        ObjectNode read = PolicyValue.parse(value).attributes();
        ObjectNode extra = SealpostLine.JSON.createObjectNode();
        if (!rule.note().isEmpty()) {
            extra.put("note", rule.note());
        }
        if (!rule.mode().equals("enforced")) {
            extra.put("mode", rule.mode());
        }
        if (rule.clientCertificateId() != null) {
            extra.put("clientCertificateId", rule.clientCertificateId());
        }
        if (!rule.attributes().equals(plain(read))) {
            for (String name : attributes.propertyNames()) {
                if (!Objects.equals(attributes.get(name), read.get(name))) {
                    extra.set(name, attributes.get(name));
                }
            }
        }
        return extra.isEmpty() ? "" : SealpostLine.JSON.writeValueAsString(extra);
    }

    private static PolicyAttributes plain(ObjectNode read) {
        return SealpostLine.JSON.treeToValue(read, PolicyAttributes.class);
    }
}

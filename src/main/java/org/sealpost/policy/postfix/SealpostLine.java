package org.sealpost.policy.postfix;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.tls.TlsLevel;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What stands on a {@code # sealpost: {json}} line: the parts of the next entry's rule that its own
 * line does not say. Where both speak of an attribute they must agree, or an edit of the entry
 * would be undone in silence.
 *
 * @param line where it stands
 */
record SealpostLine(int line, String text, ObjectNode fields) {

    static final String PREFIX = "sealpost:";

    static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private static final Set<String> OF_THE_RULE = Set.of("note", "mode", "clientCertificateId");

    static SealpostLine none(int line) {
        return new SealpostLine(line, "", JsonNodeFactory.instance.objectNode());
    }

    /** Reads the JSON behind the prefix; empty when it is no JSON object. */
    static Optional<SealpostLine> parse(int line, String text) {
        try {
            return JSON.readTree(text.substring(PREFIX.length())) instanceof ObjectNode object
                    ? Optional.of(new SealpostLine(line, text, object))
                    : Optional.empty();
        } catch (JacksonException noJson) {
            return Optional.empty();
        }
    }

    /**
     * The rule of an entry with what stands here.
     *
     * @param note what stands in for a missing one
     * @param problems takes what is wrong
     */
    Optional<PolicyDraft> rule(
            String nextHop,
            String level,
            ObjectNode attributes,
            String note,
            boolean unread,
            List<Problem> problems) {
        if (fields.isEmpty() && attributes.isEmpty()) {
            return Optional.of(
                    new PolicyDraft(nextHop, level, PolicyAttributes.NONE, "enforced", null, note));
        }
        ObjectNode all = attributes.deepCopy();
        TlsLevel known = TlsLevel.parse(level).orElse(null);
        for (String name : fields.propertyNames()) {
            if (OF_THE_RULE.contains(name)) {
                continue;
            }
            JsonNode ours = fields.get(name);
            Optional<Attribute> attribute = Attribute.parse(name);
            if (attribute.isPresent()
                    && known != null
                    && !agrees(attribute.get(), known, attributes.get(name), ours, unread)) {
                problems.add(
                        new Problem(
                                "attributes." + name,
                                "The entry and the # sealpost: line above it disagree about "
                                        + name
                                        + ".",
                                "Change both, or remove " + name + " from the # sealpost: line."));
            }
            all.set(name, ours);
        }
        try {
            return Optional.of(
                    new PolicyDraft(
                            nextHop,
                            level,
                            all.isEmpty()
                                    ? PolicyAttributes.NONE
                                    : JSON.treeToValue(all, PolicyAttributes.class),
                            text("mode", "enforced"),
                            JSON.treeToValue(fields.get("clientCertificateId"), Long.class),
                            text("note", note)));
        } catch (JacksonException foreign) {
            problems.add(
                    new Problem(
                            "attributes",
                            "The # sealpost: line above the entry holds something that no rule has.",
                            "Use note, mode, clientCertificateId, connect and the attributes, as the"
                                    + " API spells them."));
            return Optional.empty();
        }
    }

    private String text(String name, String otherwise) {
        JsonNode value = fields.get(name);
        return value == null || value.isNull() ? otherwise : JSON.treeToValue(value, String.class);
    }

    private static boolean agrees(
            Attribute attribute,
            TlsLevel level,
            @Nullable JsonNode entry,
            JsonNode ours,
            boolean unread) {
        if (attribute == Attribute.MATCH && level == TlsLevel.FINGERPRINT && entry != null) {
            return samePins(PostfixForm.texts(entry), PostfixForm.texts(ours), unread);
        }
        Optional<List<String>> said = new PostfixForm(level, null).of(attribute, ours);
        if (entry == null) {
            return said.isEmpty();
        }
        return said.map(tokens -> level.word() + " " + String.join(" ", tokens))
                .map(value -> PolicyValue.parse(value).attributes().get(attribute.word()))
                .filter(entry::equals)
                .isPresent();
    }

    /** Of the digests that the entry speaks of, both must name the same pins. */
    private static boolean samePins(List<String> entry, List<String> ours, boolean unread) {
        var written = new HashSet<String>();
        var digests = new HashSet<Digest>();
        for (PinText pin : pins(entry)) {
            written.add(pin.fingerprint().hex());
            digests.add(pin.fingerprint().digest());
        }
        var kept = new HashSet<String>();
        for (PinText pin : pins(ours)) {
            if (unread || digests.contains(pin.fingerprint().digest())) {
                kept.add(pin.fingerprint().hex());
            }
        }
        return written.equals(kept);
    }

    private static List<PinText> pins(List<String> texts) {
        var pins = new ArrayList<PinText>();
        for (String text : texts) {
            for (String one : text.split("\\|", -1)) {
                PinText.parse(one).ifPresent(pins::add);
            }
        }
        return pins;
    }
}

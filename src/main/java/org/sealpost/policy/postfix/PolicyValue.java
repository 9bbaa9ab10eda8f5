package org.sealpost.policy.postfix;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.policy.postfix.Attribute.Repeat;
import org.sealpost.tls.TlsLevel;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the right-hand side of an entry, {@code level name=value ..}, with the grammar of Postfix
 * semantics 1.1. Whether an attribute suits its level and its value can be honoured is the business
 * of the policy table.
 */
final class PolicyValue {

    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final ObjectNode attributes = JsonNodeFactory.instance.objectNode();
    private String level = "";
    private boolean commented;

    private PolicyValue() {}

    /**
     * What was read.
     *
     * @param level the word of a level; empty when there was none
     * @param attributes in the shape of {@link org.sealpost.policy.PolicyAttributes}
     * @param warnings what Postfix ignores with a warning, and so do we
     */
    record Parsed(
            String level, ObjectNode attributes, List<Problem> problems, List<Problem> warnings) {}

    static Parsed parse(String value) {
        var reading = new PolicyValue();
        List<String> tokens = tokens(value);
        if (tokens.isEmpty()) {
            reading.problem("The entry has no level.", "Write a level behind the key: " + LEVELS);
        } else {
            reading.level(tokens.getFirst());
            reading.attributes(tokens.subList(1, tokens.size()));
        }
        return new Parsed(reading.level, reading.attributes, reading.problems, reading.warnings);
    }

    private static final String LEVELS = "none, may, encrypt, fingerprint, verify or secure.";

    /** White space and commas separate, but not inside braces. */
    static List<String> tokens(String value) {
        var tokens = new ArrayList<String>();
        int depth = 0;
        int start = -1;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean separates = depth == 0 && (LogicalLines.isSpace(c) || c == ',');
            if (separates && start >= 0) {
                tokens.add(value.substring(start, i));
                start = -1;
            } else if (!separates && start < 0) {
                start = i;
            }
            if (c == '{') {
                depth++;
            } else if (c == '}' && depth > 0) {
                depth--;
            }
        }
        if (start >= 0) {
            tokens.add(value.substring(start));
        }
        return tokens;
    }

    private void level(String word) {
        if (word.startsWith("#")) {
            comment();
            return;
        }
        Optional<TlsLevel> known = TlsLevel.parse(word);
        if (known.isPresent()) {
            level = known.get().word();
            return;
        }
        problem(
                "“" + word + "” is not a TLS level.",
                word.toLowerCase(Locale.ROOT).startsWith("dane")
                        ? "Sealpost has no DANE yet. Choose encrypt, or secure when the server's"
                                + " certificate can be checked."
                        : "Choose " + LEVELS);
    }

    private void attributes(List<String> tokens) {
        for (String token : commented ? List.<String>of() : tokens) {
            if (level.equals("none")) {
                ignored(token);
            } else if (token.startsWith("#")) {
                comment();
                return;
            } else {
                attribute(token);
            }
        }
    }

    private void comment() {
        commented = true;
        problem(
                "A comment cannot stand behind a value; Postfix would read it as attributes.",
                "Put the comment on a line of its own, above the entry.");
    }

    /** At level none Postfix does not even read the attributes. */
    private void ignored(String token) {
        warnings.add(
                new Problem(
                        "attributes",
                        "“" + token + "” is ignored: at level none there is no TLS.",
                        "Leave it out."));
        int before = problems.size();
        attribute(token);
        while (problems.size() > before) {
            problems.removeLast();
        }
    }

    private void attribute(String token) {
        String pair = token;
        if (token.startsWith("{")) {
            if (!token.endsWith("}")) {
                problem(
                        "The braces of “" + token + "” do not match.",
                        "Write { name = value } with both braces.");
                return;
            }
            pair = token.substring(1, token.length() - 1);
        }
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : pair.substring(0, equals).strip();
        if (name.isEmpty()) {
            malformed(token, equals < 0);
            return;
        }
        Optional<Attribute> attribute = Attribute.parse(name);
        if (attribute.isEmpty()) {
            unknown(name);
        } else {
            put(attribute.get(), pair.substring(equals + 1).strip());
        }
    }

    private void malformed(String token, boolean withoutSign) {
        problem(
                "“"
                        + token
                        + "” is not an attribute: "
                        + (withoutSign ? "there is no = in it." : "there is no name before its =."),
                level.equals("fingerprint") && withoutSign
                        ? "Write match= before a fingerprint: match=" + token
                        : "Write name=value without blanks, or { name = value }.");
    }

    private void unknown(String name) {
        problem(
                "“" + name + "” is not the name of an attribute.",
                name.equalsIgnoreCase("connect")
                        ? "Postfix does not know it; write # sealpost: {\"connect\":\"..\"} on the"
                                + " line before the entry."
                        : "Use " + Attribute.KNOWN + ".");
    }

    private void put(Attribute attribute, String value) {
        String name = attribute.word();
        if (attribute.repeat() == Repeat.NEVER && attributes.has(name)) {
            problem(
                    "The attribute " + name + " is specified multiple times.",
                    "Leave one of them.");
        } else if (attribute.isList()) {
            elements(attribute, value).forEach(attributes.withArray(name)::add);
        } else if (attribute.repeat() == Repeat.LAST_WINS && value.isEmpty()) {
            problem("The attribute " + name + " has an empty value.", "Write yes or no.");
        } else {
            attributes.put(name, value);
        }
    }

    /** The names or fingerprints of one {@code match=}; anything else is one element. */
    private Stream<String> elements(Attribute attribute, String value) {
        if (attribute != Attribute.MATCH || level.equals("none") || value.isEmpty()) {
            return Stream.of(value);
        }
        return Stream.of(value.split(level.equals("fingerprint") ? "\\|" : ":", -1));
    }

    private void problem(String message, String remedy) {
        problems.add(new Problem("attributes", message, remedy));
    }
}

package org.sealpost.policy.postfix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.tls.TlsLevel;
import tools.jackson.databind.JsonNode;

/**
 * Says an attribute in the words of {@code tls_policy}.
 *
 * @param level the rule's
 * @param digest the one Postfix is configured with; null where Postfix does not read the line, so
 *     that everything may be said
 */
record PostfixForm(TlsLevel level, @Nullable Digest digest) {

    /** The tokens {@code name=value}; empty when Postfix has no words for this value. */
    Optional<List<String>> of(Attribute attribute, JsonNode value) {
        List<String> values = texts(value);
        if (values.stream().anyMatch(text -> text.chars().anyMatch(Character::isISOControl))) {
            return Optional.empty();
        }
        if (level == TlsLevel.NONE) {
            return tokens(attribute, values); // Postfix does not read them
        }
        return switch (attribute) {
            case MATCH -> match(values);
            case TAFILE ->
                    digest == null || values.stream().allMatch(text -> text.startsWith("/"))
                            ? tokens(attribute, values)
                            : Optional.empty();
            case PROTOCOLS, EXCLUDE -> tokens(attribute, List.of(colons(String.join(" ", values))));
            default -> tokens(attribute, values.stream().map(String::strip).toList());
        };
    }

    private Optional<List<String>> match(List<String> values) {
        if (level != TlsLevel.FINGERPRINT) {
            return tokens(Attribute.MATCH, List.of(colons(String.join(" ", values))));
        }
        var pins = new ArrayList<String>();
        for (String text : values.stream().flatMap(v -> Arrays.stream(v.split("\\|"))).toList()) {
            Optional<PinText> pin = PinText.parse(text);
            if (digest == null) {
                pins.add(text.strip());
            } else if (pin.isEmpty()) {
                return Optional.empty();
            } else if (pin.get().fingerprint().digest() == digest) {
                pins.add(pin.get().bareText());
            }
        }
        return pins.isEmpty()
                ? Optional.empty()
                : tokens(Attribute.MATCH, List.of(String.join("|", pins)));
    }

    private static Optional<List<String>> tokens(Attribute attribute, List<String> values) {
        var tokens = new ArrayList<String>();
        for (String value : values) {
            String plain = attribute.word() + "=" + value;
            String braced = "{ " + attribute.word() + " = " + value + " }";
            String token = PolicyValue.tokens(plain).equals(List.of(plain)) ? plain : braced;
            boolean whole = PolicyValue.tokens(token).equals(List.of(token)) && balanced(value);
            if (!whole || !value.equals(value.strip())) {
                return Optional.empty();
            }
            tokens.add(token);
        }
        return Optional.of(tokens);
    }

    /** An open brace would swallow the attributes behind it. */
    private static boolean balanced(String value) {
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth < 0) {
                return false;
            }
        }
        return depth == 0;
    }

    private static String colons(String list) {
        return Arrays.stream(list.strip().split("[\\s,:]+"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(":"));
    }

    static List<String> texts(JsonNode value) {
        return value.isArray()
                ? value.valueStream().map(JsonNode::asString).toList()
                : List.of(value.asString());
    }
}

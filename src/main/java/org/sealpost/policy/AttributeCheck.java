package org.sealpost.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.policy.PolicyAttributes.PinLabel;
import org.sealpost.tls.Pin;
import org.sealpost.tls.TlsLevel;

/** Which attributes a level takes (Postfix semantics 1.1), and which must not be empty. */
final class AttributeCheck {

    private static final List<String> YES_NO = List.of("yes", "no");
    private static final List<String> POLICY_TYPES = List.of("sts", "no-policy-found");
    private static final List<String> POLICY_FAILURES =
            List.of(
                    "sts-policy-fetch-error",
                    "sts-policy-invalid",
                    "sts-webpki-invalid",
                    "validation-failure");
    private static final int LONGEST_LABEL = 200;

    private final List<Problem> problems = new ArrayList<>();
    private final TlsLevel level;
    private final PolicyAttributes attributes;

    private AttributeCheck(TlsLevel level, PolicyAttributes attributes) {
        this.level = level;
        this.attributes = attributes;
    }

    static List<Problem> problems(TlsLevel level, PolicyAttributes attributes) {
        if (level == TlsLevel.NONE) {
            return List.of(); // Postfix ignores them with a warning, and so do we
        }
        var check = new AttributeCheck(level, attributes);
        check.levels();
        check.values();
        check.outsidePolicy();
        check.labels();
        return check.problems;
    }

    private void levels() {
        if (given(attributes.match()) && !level.authenticates()) {
            wrongLevel("match", "fingerprint, verify and secure");
        }
        if (given(attributes.tafile()) && !level.needsTrustedChain()) {
            wrongLevel("tafile", "verify and secure");
        }
        if (level == TlsLevel.FINGERPRINT && !given(attributes.match())) {
            add(
                    "match",
                    "The level fingerprint needs at least one fingerprint.",
                    "Give match, e.g. sha256:AA:BB:.. of the server's certificate.");
        }
        if ("implicit".equalsIgnoreCase(attributes.connect()) && !level.requiresTls()) {
            wrongLevel("connect", "encrypt and above when it is implicit");
        }
    }

    private void values() {
        notEmpty("match", attributes.match());
        notEmpty("tafile", attributes.tafile());
        notEmpty("ciphers", attributes.ciphers());
        notEmpty("servername", attributes.servername());
        oneOf("connect", attributes.connect(), List.of("auto", "starttls", "implicit"));
        oneOf("connection_reuse", attributes.connectionReuse(), YES_NO);
        oneOf("enable_rpk", attributes.enableRpk(), YES_NO);
    }

    /** What a plugin for MTA-STS hands Postfix with a rule (since 3.10). */
    private void outsidePolicy() {
        oneOf("policy_type", attributes.policyType(), POLICY_TYPES);
        oneOf("policy_failure", attributes.policyFailure(), POLICY_FAILURES);
        notEmpty("policy_string", attributes.policyString());
        String domain = attributes.policyDomain();
        if (domain != null && DomainName.parse(domain).isEmpty()) {
            add("policy_domain", quoted(domain) + " is not a domain.", "Write example.com.");
        }
        String ttl = attributes.policyTtl();
        if (ttl != null && !ttl.matches("\\d{1,10}")) {
            add("policy_ttl", quoted(ttl) + " is not a number of seconds.", "Write 86400.");
        }
        List<String> patterns = attributes.mxHostPattern();
        if (patterns != null && !patterns.stream().allMatch(AttributeCheck::isHostPattern)) {
            add(
                    "mx_host_pattern",
                    "A pattern is neither a host name nor one behind “*.”.",
                    "Write mx.example.com or *.example.com.");
        }
        boolean hasMore =
                domain != null
                        || attributes.policyFailure() != null
                        || attributes.policyString() != null
                        || patterns != null;
        if (hasMore && attributes.policyType() == null) {
            add(
                    "policy_type",
                    "The other policy_ attributes need policy_type.",
                    "Give policy_type, sts or no-policy-found, or leave them all out.");
        }
    }

    private void labels() {
        Map<String, PinLabel> labels = attributes.labels();
        if (labels == null) {
            return;
        }
        if (level != TlsLevel.FINGERPRINT) {
            wrongLevel("labels", "fingerprint");
            return;
        }
        List<Pin> pins = pins(orEmpty(attributes.match()));
        labels.forEach((text, label) -> {
            if (!pins.containsAll(pins(List.of(text))) || pins(List.of(text)).isEmpty()) {
                add(
                        "labels",
                        "The label of " + quoted(text) + " belongs to no pin of match.",
                        "Label a pin exactly as match writes it, or remove the label.");
            }
            if (label == null || tooLong(label.label()) || tooLong(label.seenAt())) {
                add(
                        "labels",
                        "The label of " + quoted(text) + " is missing or too long.",
                        "Write at most " + LONGEST_LABEL + " characters.");
            }
        });
    }

    private static boolean tooLong(@Nullable String text) {
        return text != null
                && (text.length() > LONGEST_LABEL || text.matches("(?s).*\\p{Cntrl}.*"));
    }

    private static List<Pin> pins(List<String> match) {
        try {
            return Pins.parse("attributes.match", match);
        } catch (InvalidInput reportedElsewhere) {
            return List.of();
        }
    }

    private static boolean isHostPattern(@Nullable String pattern) {
        return pattern != null
                && DomainName.parse(pattern.startsWith("*.") ? pattern.substring(2) : pattern)
                        .isPresent();
    }

    private void oneOf(String name, @Nullable String value, List<String> words) {
        if (value != null && !words.contains(value.toLowerCase(Locale.ROOT))) {
            add(
                    name,
                    quoted(value) + " is not a value of " + name + ".",
                    "Choose " + String.join(", ", words) + ".");
        }
    }

    private static boolean given(@Nullable List<String> values) {
        return values != null && !values.isEmpty();
    }

    private static List<String> orEmpty(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }

    private void notEmpty(String name, @Nullable String value) {
        if (value != null && value.isBlank()) {
            empty(name);
        }
    }

    private void notEmpty(String name, @Nullable List<String> values) {
        if (values != null && values.stream().anyMatch(v -> v == null || v.isBlank())) {
            empty(name);
        }
    }

    private void empty(String name) {
        add(
                name,
                "The attribute " + name + " has an empty value.",
                "Leave the attribute out, or give it a value.");
    }

    private void wrongLevel(String name, String levels) {
        add(
                name,
                "The attribute " + name + " is invalid at the level " + level.word() + ".",
                "It belongs to the levels " + levels + ".");
    }

    private void add(String name, String message, String remedy) {
        problems.add(new Problem("attributes." + name, message, remedy));
    }

    private static String quoted(String value) {
        return "“" + value + "”";
    }
}

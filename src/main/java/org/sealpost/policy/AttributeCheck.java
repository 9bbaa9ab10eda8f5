package org.sealpost.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.tls.TlsLevel;

/** Which attributes a level takes (Postfix semantics 1.1), and which must not be empty. */
final class AttributeCheck {

    private AttributeCheck() {}

    static List<Problem> problems(TlsLevel level, PolicyAttributes attributes) {
        var problems = new ArrayList<Problem>();
        if (level == TlsLevel.NONE) {
            return problems; // Postfix ignores them with a warning, and so do we
        }
        if (given(attributes.match()) && !level.authenticates()) {
            problems.add(wrongLevel("match", level, "fingerprint, verify and secure"));
        }
        if (given(attributes.tafile()) && !level.needsTrustedChain()) {
            problems.add(wrongLevel("tafile", level, "verify and secure"));
        }
        if (level == TlsLevel.FINGERPRINT && !given(attributes.match())) {
            problems.add(
                    new Problem(
                            "attributes.match",
                            "The level fingerprint needs at least one fingerprint.",
                            "Give match, e.g. sha256:AA:BB:.. of the server's certificate."));
        }
        notEmpty(problems, "match", attributes.match());
        notEmpty(problems, "tafile", attributes.tafile());
        notEmpty(problems, "ciphers", attributes.ciphers());
        notEmpty(problems, "servername", attributes.servername());
        String connect = attributes.connect();
        if (connect != null
                && !List.of("auto", "starttls", "implicit")
                        .contains(connect.toLowerCase(Locale.ROOT))) {
            problems.add(
                    new Problem(
                            "attributes.connect",
                            "“" + connect + "” is not a way to connect.",
                            "Choose auto, starttls or implicit."));
        } else if ("implicit".equalsIgnoreCase(connect) && !level.requiresTls()) {
            problems.add(wrongLevel("connect", level, "encrypt and above when it is implicit"));
        }
        return problems;
    }

    private static boolean given(@Nullable List<String> values) {
        return values != null && !values.isEmpty();
    }

    private static void notEmpty(List<Problem> problems, String name, @Nullable String value) {
        if (value != null && value.isBlank()) {
            problems.add(empty(name));
        }
    }

    private static void notEmpty(
            List<Problem> problems, String name, @Nullable List<String> values) {
        if (values != null && values.stream().anyMatch(v -> v == null || v.isBlank())) {
            problems.add(empty(name));
        }
    }

    private static Problem empty(String name) {
        return new Problem(
                "attributes." + name,
                "The attribute " + name + " has an empty value.",
                "Leave the attribute out, or give it a value.");
    }

    private static Problem wrongLevel(String name, TlsLevel level, String levels) {
        return new Problem(
                "attributes." + name,
                "The attribute " + name + " is invalid at the level " + level.word() + ".",
                "It belongs to the levels " + levels + ".");
    }
}

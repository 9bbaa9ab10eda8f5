package org.sealpost.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NextHop;
import org.sealpost.tls.TlsLevel;

/**
 * Checks rules when they are written, stricter than Postfix, which trips over a bad attribute only
 * when mail is waiting. All problems of a draft are reported together; rules that differ only in
 * their keys are worked out once.
 */
final class PolicyCheck {

    private final TlsSettings defaults;
    private final CertificateSource certificates;
    private final BiPredicate<String, String> mayName;
    private final Set<Terms> usable = new HashSet<>();

    /** What a rule demands, whatever its key. */
    private record Terms(
            TlsLevel level, PolicyAttributes attributes, @Nullable Long clientCertificateId) {}

    /**
     * A check.
     *
     * @param defaults what the rules inherit
     * @param mayName whether who writes the rule under this key may let it name this file
     */
    PolicyCheck(
            TlsSettings defaults,
            CertificateSource certificates,
            BiPredicate<String, String> mayName) {
        this.defaults = defaults;
        this.certificates = certificates;
        this.mayName = mayName;
    }

    /**
     * Checks a draft.
     *
     * @throws InvalidInput with every problem found
     */
    CheckedPolicy check(PolicyDraft draft) {
        var problems = new ArrayList<Problem>();
        String key = attempt(problems, () -> key(draft.nextHop())).orElse("");
        Optional<TlsLevel> level = attempt(problems, () -> level(draft.level()));
        String mode = attempt(problems, () -> mode(draft.mode())).orElse("");
        String note = attempt(problems, () -> note(draft.note())).orElse("");
        PolicyAttributes attributes =
                draft.attributes() == null ? PolicyAttributes.NONE : draft.attributes();
        level.ifPresent(known -> problems.addAll(AttributeCheck.problems(known, attributes)));
        // Before any file is looked at: who may not name one must not learn which exist.
        files(problems, key, attributes.tafile());
        if (problems.isEmpty() && level.isPresent()) {
            var terms = new Terms(level.get(), attributes, draft.clientCertificateId());
            attempt(problems, () -> usable.contains(terms) || work(terms));
            if (problems.isEmpty()) {
                return new CheckedPolicy(
                        key, level.get(), attributes, mode, draft.clientCertificateId(), note);
            }
        }
        throw new InvalidInput(problems);
    }

    private boolean work(Terms terms) {
        CompiledPolicy.of(
                terms.level(),
                terms.attributes(),
                terms.clientCertificateId(),
                defaults,
                certificates);
        return usable.add(terms);
    }

    private void files(List<Problem> problems, String key, @Nullable List<String> tafile) {
        if (tafile != null
                && !tafile.stream()
                        .allMatch(one -> StoredCertificates.isId(one) || mayName.test(key, one))) {
            problems.add(
                    new Problem(
                            "attributes.tafile",
                            "Only an administrator may name a file.",
                            "Upload the authority's certificate with purpose anchor and use its"
                                    + " id."));
        }
    }

    private static <T> Optional<T> attempt(List<Problem> problems, Supplier<T> part) {
        try {
            return Optional.of(part.get());
        } catch (InvalidInput invalid) {
            problems.addAll(invalid.problems());
            return Optional.empty();
        }
    }

    /** The key in canonical form: a next hop, or a parent domain with its leading dot. */
    static String key(@Nullable String written) {
        String text = written == null ? "" : written.strip();
        if (text.endsWith(".")) {
            throw new InvalidInput(
                    "nextHop",
                    "“" + text + "” ends with a dot, which no look-up ever finds.",
                    "Leave out the dot at the end.");
        }
        Optional<String> key =
                text.startsWith(".")
                        ? DomainName.parse(text.substring(1)).map(domain -> "." + domain)
                        : NextHop.parse(text).map(NextHop::text);
        return key.orElseThrow(() ->
                new InvalidInput(
                        "nextHop",
                        text.isEmpty()
                                ? "A rule needs a next hop."
                                : "“" + text + "” is not a next hop.",
                        "Write example.com, .example.com for all its sub-domains,"
                                + " [mail.example.com] for a host without MX look-up, or"
                                + " either with :port."));
    }

    private static TlsLevel level(@Nullable String word) {
        return TlsLevel.parse(word == null ? "" : word.strip())
                .orElseThrow(() ->
                        new InvalidInput(
                                "level",
                                word == null || word.isBlank()
                                        ? "A rule needs a level."
                                        : "“" + word + "” is not a TLS level.",
                                "Choose none, may, encrypt, fingerprint, verify or" + " secure."));
    }

    private static String mode(@Nullable String word) {
        String mode = word == null ? "enforced" : word.strip().toLowerCase(Locale.ROOT);
        if (mode.equals("enforced") || mode.equals("disabled")) {
            return mode;
        }
        throw new InvalidInput(
                "mode",
                mode.equals("report-only")
                        ? "The mode report-only is not available yet."
                        : "“" + word + "” is not a mode.",
                "Choose enforced or disabled.");
    }

    private static String note(@Nullable String text) {
        String note = text == null ? "" : text;
        if (note.length() > 2000 || note.indexOf('\0') >= 0) {
            throw new InvalidInput(
                    "note",
                    "The note is longer than 2,000 characters or holds a NUL character.",
                    "Shorten it.");
        }
        return note;
    }
}

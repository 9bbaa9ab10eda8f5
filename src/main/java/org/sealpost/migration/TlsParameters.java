package org.sealpost.migration;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.tls.TlsLevel;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The {@code smtp_tls_*} parameters that become TLS defaults. */
final class TlsParameters {

    private static final String SECTION = "tls";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Draft draft;
    private final Expansion main;

    TlsParameters(Draft draft, Expansion main) {
        this.draft = draft;
        this.main = main;
    }

    /** What becomes of a parameter; empty when it is none of these. */
    Optional<Finding> read(String name, String value) {
        return Optional.ofNullable(
                switch (name) {
                    case "smtp_tls_security_level" -> level(name, value);
                    case "smtp_use_tls", "smtp_enforce_tls" -> oldLevel(name, value);
                    case "smtp_tls_enforce_peername" ->
                            Finding.obsolete("Replaced by the levels verify and secure.");
                    case "smtp_tls_protocols" -> protocols(name, "protocols", value);
                    case "smtp_tls_mandatory_protocols" ->
                            protocols(name, "mandatoryProtocols", value);
                    case "smtp_tls_ciphers" -> grade(name, "ciphers", value);
                    case "smtp_tls_mandatory_ciphers" -> grade(name, "mandatoryCiphers", value);
                    case "smtp_tls_exclude_ciphers" -> list(name, "excludeCiphers", value);
                    case "smtp_tls_mandatory_exclude_ciphers" ->
                            list(name, "mandatoryExcludeCiphers", value);
                    case "smtp_tls_fingerprint_digest" ->
                            text(name, "fingerprintDigest", value.toLowerCase(Locale.ROOT));
                    case "smtp_tls_verify_cert_match" -> names(name, "verifyMatch", value);
                    case "smtp_tls_secure_cert_match" -> names(name, "secureMatch", value);
                    case "smtp_tls_servername" -> servername(name, value);
                    case "smtp_tls_wrappermode" -> wrappermode(name, value);
                    case "smtp_tls_note_starttls_offer" -> yesNo(name, "noteStarttlsOffer", value);
                    case "smtp_tls_loglevel" -> logLevel(name, value);
                    case "smtp_tls_session_cache_timeout" -> sessionTime(name, value);
                    case "tls_append_default_CA" -> yesNo(name, "useSystemTrust", value);
                    case "smtp_tls_CAfile", "smtp_tls_CApath", "smtp_tls_trust_anchor_file" ->
                            trust(name, value);
                    case "smtp_tls_cert_file",
                            "smtp_tls_key_file",
                            "smtp_tls_eccert_file",
                            "smtp_tls_eckey_file",
                            "smtp_tls_chain_files" ->
                            clientCertificate(name, value);
                    case "smtp_tls_fingerprint_cert_match" ->
                            value.isEmpty()
                                    ? Finding.ignored("It is empty.")
                                    : Finding.refused(
                                            "There are no fingerprints for all destinations. Give"
                                                    + " each next hop a rule of level fingerprint"
                                                    + " with match=.");
                    case "smtp_tls_per_site" ->
                            main.value("smtp_tls_policy_maps") != null
                                    ? Finding.obsolete(
                                            "Postfix ignores it beside smtp_tls_policy_maps.")
                                    : Finding.refused(
                                            "This table is obsolete. Write its entries as"
                                                    + " tls_policy and name that in"
                                                    + " smtp_tls_policy_maps.");
                    default -> null;
                });
    }

    private Finding level(String name, String value) {
        if (value.isEmpty()) {
            return Finding.ignored("It is empty: smtp_use_tls and smtp_enforce_tls decide.");
        }
        Optional<TlsLevel> level = TlsLevel.parse(value);
        if (level.isEmpty() || level.get() == TlsLevel.FINGERPRINT) {
            return Finding.refused(
                    level.isPresent()
                            ? "The level fingerprint needs pins, so it cannot be the default. Give"
                                    + " each next hop a rule, and choose another default."
                            : "“"
                                    + value
                                    + "” is not a level that Sealpost has. Choose none, may,"
                                    + " encrypt, verify or secure.");
        }
        return text(name, "level", level.get().word());
    }

    private Finding oldLevel(String name, String value) {
        String newer = main.value("smtp_tls_security_level");
        if (newer != null && !newer.isEmpty()) {
            return Finding.obsolete("smtp_tls_security_level decides.");
        }
        boolean enforced = yes(main.value("smtp_enforce_tls"));
        if (!yes(value) || (enforced && name.equals("smtp_use_tls"))) {
            return Finding.obsolete("Replaced by smtp_tls_security_level.");
        }
        String peer = main.value("smtp_tls_enforce_peername");
        String level = !enforced ? "may" : peer == null || yes(peer) ? "verify" : "encrypt";
        draft.set(SECTION, "level", level, name);
        return Finding.obsolete("Replaced by smtp_tls_security_level; the level is " + level + ".");
    }

    private Finding protocols(String name, String field, String value) {
        ProtocolText text = ProtocolText.of(value);
        draft.set(SECTION, field, text.text(), name);
        if (text.obsolete()) {
            return Finding.obsolete(
                    "“"
                            + value
                            + "” leaves only versions that are broken and not offered here;"
                            + " >=TLSv1.2 takes its place, not a limit to them.");
        }
        return Finding.applied(
                text.text().equals(value)
                        ? "Sets the default " + field + "."
                        : "Sets the default " + field + ", written as " + text.text() + ".");
    }

    private Finding grade(String name, String field, String value) {
        String grade = value.toLowerCase(Locale.ROOT);
        boolean gone = grade.equals("export") || grade.equals("low");
        draft.set(SECTION, field, gone ? "medium" : grade, name);
        return gone
                ? Finding.obsolete(
                        "The grade "
                                + grade
                                + " is gone: its ciphers are broken and not offered. medium takes"
                                + " its place.")
                : Finding.applied(
                        "Sets the default "
                                + field
                                + "; high and medium mean the same suites today.");
    }

    private Finding list(String name, String field, String value) {
        return text(name, field, String.join(":", words(value)));
    }

    private Finding names(String name, String field, String value) {
        ArrayNode names = JSON.arrayNode();
        words(value).forEach(names::add);
        draft.set(SECTION, field, names, name);
        return Finding.applied("Sets the default " + field + ".");
    }

    private Finding servername(String name, String value) {
        if (value.isEmpty()) {
            return Finding.ignored("It is empty: Sealpost then sends the MX host name as SNI.");
        }
        return text(name, "servername", value);
    }

    private Finding wrappermode(String name, String value) {
        String level = main.value("smtp_tls_security_level");
        boolean strong =
                level != null && TlsLevel.parse(level).filter(TlsLevel::requiresTls).isPresent();
        if (yes(value) && !strong) {
            return Finding.refused(
                    "Postfix defers everything with wrapper mode below the level encrypt. Set"
                            + " smtp_tls_security_level = encrypt, or leave it out: port 465 is"
                            + " always spoken to with TLS from the start.");
        }
        return yesNo(name, "implicitTls", value);
    }

    private Finding logLevel(String name, String value) {
        if (!value.matches("[0-4]")) {
            return Finding.ignored("Only the levels 0 to 4 are known; the log level stays.");
        }
        draft.set(SECTION, "logLevel", JSON.numberNode(Integer.parseInt(value)), name);
        return Finding.applied("Sets the default logLevel.");
    }

    private Finding sessionTime(String name, String value) {
        return PostfixTime.parse(value, 's')
                .map(time -> {
                    long seconds = Math.clamp(time.toSeconds(), 0, Integer.MAX_VALUE);
                    draft.set(SECTION, "sessionCacheSeconds", JSON.numberNode((int) seconds), name);
                    return Finding.applied("Sets the default sessionCacheSeconds.");
                })
                .orElseGet(() -> Finding.refused(PostfixTime.REMEDY));
    }

    private Finding trust(String name, String value) {
        if (value.isEmpty()) {
            return Finding.ignored("It is empty.");
        }
        boolean system =
                value.startsWith("/etc/ssl/certs")
                        || value.equals("/etc/ssl/cert.pem")
                        || value.startsWith("/etc/pki/");
        if (system && !name.equals("smtp_tls_trust_anchor_file")) {
            draft.set(SECTION, "useSystemTrust", JSON.booleanNode(true), name);
            return Finding.applied("That is the system's bundle: it is trusted.");
        }
        draft.certificate(name, value, "trust");
        if (!yes(main.value("tls_append_default_CA"))) {
            draft.set(SECTION, "useSystemTrust", JSON.booleanNode(false), name);
        }
        return Finding.applied(
                "Only these authorities are trusted from now on, not the system's bundle. Upload the"
                        + " file with purpose trust: until then mail under verify and secure"
                        + " waits.");
    }

    private Finding clientCertificate(String name, String value) {
        if (value.isEmpty() || value.equalsIgnoreCase("none")) {
            return Finding.ignored("There is none.");
        }
        draft.certificate(name, value, "client");
        return Finding.ignored(
                "A client certificate is not taken from a path. If a partner asks for one, upload"
                        + " certificate and key with purpose client.");
    }

    private Finding yesNo(String name, String field, String value) {
        if (!List.of("yes", "no").contains(value.toLowerCase(Locale.ROOT))) {
            return Finding.refused("“" + value + "” is neither yes nor no.");
        }
        draft.set(SECTION, field, JSON.booleanNode(yes(value)), name);
        return Finding.applied("Sets the default " + field + ".");
    }

    private Finding text(String name, String field, String value) {
        draft.set(SECTION, field, value, name);
        return Finding.applied("Sets the default " + field + ".");
    }

    static boolean yes(@Nullable String value) {
        return "yes".equalsIgnoreCase(value);
    }

    static List<String> words(String value) {
        return Arrays.stream(value.split("[\\s,:]+")).filter(word -> !word.isEmpty()).toList();
    }
}

package org.sealpost.tls;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;

/**
 * Translates Postfix's cipher grades and exclusions, which speak OpenSSL, to the suites this
 * runtime offers. TLS 1.3 suites are governed by neither, as in Postfix.
 */
public final class Ciphers {

    /**
     * The grades that may be asked for. All of them mean the same suites: what OpenSSL once told
     * apart is gone from both TLS stacks.
     */
    private static final List<String> GRADES = List.of("high", "medium", "low", "export");

    private static final List<String> OFFERED = RuntimeTls.CIPHER_SUITES;

    /** OpenSSL's words, in its own spelling, and which of our suites each means. */
    private static final Map<String, Predicate<Suite>> WORDS = words();

    /** What the names of OpenSSL's suites, old ones included, are put together from. */
    private static final Set<String> NAME_PARTS =
            Set.of(
                    ("ADH AECDH ECDH ECDHE EECDH DH DHE EDH RSA ECDSA DSS PSK SRP KRB5 NULL EXP EXP1024"
                                    + " DES CBC3 CBC RC2 RC4 IDEA SEED AES128 AES256 AES CAMELLIA128"
                                    + " CAMELLIA256 ARIA128 ARIA256 GCM CCM CCM8 CHACHA20 POLY1305 MD5"
                                    + " SHA SHA256 SHA384 GOST2001 GOST94 GOST89 64 40 56")
                            .split(" "));

    private Ciphers() {}

    /** The protocols for which at least one of the suites can be used. */
    public static List<String> usable(List<String> protocols, List<String> suites) {
        return protocols.stream()
                .filter(protocol ->
                        suites.stream().anyMatch(name -> new Suite(name).fits(protocol)))
                .toList();
    }

    /**
     * The suites for a grade less the exclusions, strongest first.
     *
     * @param field the input's name, for the error about the grade
     * @throws InvalidInput when the grade is unknown or offers nothing
     */
    public static List<String> of(String field, String grade, List<String> excluded) {
        requireGrade(field, grade);
        return OFFERED.stream().filter(name -> !isExcluded(name, excluded)).toList();
    }

    /** Checks a grade. */
    public static void requireGrade(String field, String grade) {
        if (GRADES.contains(grade.toLowerCase(Locale.ROOT))) {
            return;
        }
        throw new InvalidInput(
                field,
                grade.equalsIgnoreCase("null")
                        ? "The grade null asks for suites without encryption, which are not offered."
                        : "“" + grade + "” is not a cipher grade.",
                "Use high or medium; both mean the same suites today. To be stricter, raise protocols"
                        + " or use exclude.");
    }

    /**
     * Splits and checks an {@code exclude} list.
     *
     * @return the tokens
     * @throws InvalidInput for a token that names nothing, or when no suite would be left
     */
    public static List<String> exclusions(String field, String text) {
        List<String> tokens =
                Arrays.stream(text.strip().split("[\\s,:]+")).filter(t -> !t.isEmpty()).toList();
        for (String token : tokens) {
            if (predicate(token) == null) {
                throw new InvalidInput(
                        field,
                        "“" + token + "” names no cipher suites.",
                        "Use OpenSSL's words: "
                                + String.join(", ", WORDS.keySet())
                                + ", two of them joined by +, or the full name of a suite, separated by"
                                + " colons and without a leading ! + - or @.");
            }
        }
        return tokens;
    }

    /** A suite as OpenSSL and so Postfix names it, e.g. {@code ECDHE-RSA-AES128-GCM-SHA256}. */
    public static String openSslName(String jsseName) {
        var suite = new Suite(jsseName);
        return suite.isTls13() ? jsseName : suite.openSslName();
    }

    private static boolean isExcluded(String name, List<String> tokens) {
        Suite suite = new Suite(name);
        return !suite.isTls13()
                && tokens.stream()
                        .map(Ciphers::predicate)
                        .anyMatch(matches -> matches != null && matches.test(suite));
    }

    private static @Nullable Predicate<Suite> predicate(String token) {
        if (OFFERED.stream().anyMatch(name -> new Suite(name).openSslName().equals(token))) {
            return suite -> suite.openSslName().equals(token);
        }
        if (token.indexOf('-') > 0 && NAME_PARTS.containsAll(List.of(token.split("-", -1)))) {
            return _ -> false; // a suite of OpenSSL that is not offered here anyway
        }
        Predicate<Suite> all = suite -> true;
        for (String word : token.split("\\+", -1)) {
            Predicate<Suite> one = WORDS.get(word);
            if (one == null) {
                return null;
            }
            all = all.and(one);
        }
        return all;
    }

    private static Map<String, Predicate<Suite>> words() {
        var words = new TreeMap<String, Predicate<Suite>>();
        Stream.of(
                        "aNULL eNULL NULL ADH AECDH 3DES DES RC4 RC2 RC5 IDEA SEED CAMELLIA CAMELLIA128"
                                + " CAMELLIA256 ARIA ARIA128 ARIA256 GOST MD5 PSK SRP aDSS DSS kDH kDHr"
                                + " kDHd kECDH kECDHr kECDHe aECDH EXP EXPORT EXPORT40 EXPORT56"
                                + " LOW MEDIUM SSLv2 AESCCM AESCCM8")
                .flatMap(list -> Arrays.stream(list.split(" ")))
                .forEach(word -> words.put(word, _ -> false));
        words.put("HIGH", suite -> true);
        words.put("ALL", suite -> true);
        for (String word : List.of("kRSA", "RSA")) {
            words.put(word, suite -> suite.name().startsWith("TLS_RSA_WITH_"));
        }
        words.put("aRSA", suite -> suite.name().contains("_RSA_WITH_"));
        words.put("aECDSA", suite -> suite.name().contains("_ECDSA_WITH_"));
        words.put("ECDSA", suite -> suite.name().contains("_ECDSA_WITH_"));
        for (String word : List.of("kECDHE", "ECDHE", "kEECDH", "EECDH", "ECDH")) {
            words.put(word, suite -> suite.name().startsWith("TLS_ECDHE_"));
        }
        for (String word : List.of("kDHE", "DHE", "kEDH", "EDH", "DH")) {
            words.put(word, suite -> suite.name().startsWith("TLS_DHE_"));
        }
        words.put("AES", suite -> suite.name().contains("_AES_"));
        words.put("AES128", suite -> suite.name().contains("_AES_128_"));
        words.put("AES256", suite -> suite.name().contains("_AES_256_"));
        words.put("AESGCM", suite -> suite.name().contains("_GCM_"));
        words.put("CHACHA20", suite -> suite.name().contains("_CHACHA20_"));
        for (String word : List.of("SHA", "SHA1")) {
            words.put(word, suite -> suite.name().endsWith("_CBC_SHA"));
        }
        words.put("SHA256", suite -> suite.name().endsWith("_CBC_SHA256"));
        words.put("SHA384", suite -> suite.name().endsWith("_CBC_SHA384"));
        words.put("SSLv3", suite -> suite.name().matches("TLS_DHE_.*_CBC_SHA"));
        words.put("TLSv1.0", suite -> suite.name().matches("TLS_ECDHE_.*_CBC_SHA"));
        words.put("TLSv1.2", suite -> !suite.name().endsWith("_CBC_SHA"));
        return words;
    }

    /** A suite by its JSSE name. */
    private record Suite(String name) {

        boolean isTls13() {
            return !name.contains("_WITH_");
        }

        boolean fits(String protocol) {
            return switch (protocol) {
                case "TLSv1.3" -> isTls13();
                case "TLSv1.2" -> !isTls13();
                default -> name.endsWith("_CBC_SHA");
            };
        }

        /** e.g. {@code ECDHE-RSA-AES128-GCM-SHA256}. */
        String openSslName() {
            return name.replaceFirst("^TLS_", "")
                    .replace("_WITH_", "_")
                    .replace("AES_128", "AES128")
                    .replace("AES_256", "AES256")
                    .replace("_CBC", "")
                    .replace("POLY1305_SHA256", "POLY1305")
                    .replace('_', '-');
        }
    }
}

package org.sealpost.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.sealpost.mail.InvalidInput;

/**
 * A protocol range in Postfix's syntax ({@code >=TLSv1.2}, {@code !TLSv1:!TLSv1.1}, {@code
 * TLSv1.2:TLSv1.3}) and what this runtime offers of it.
 *
 * @param text as written
 * @param versions JSSE names that are really offered, newest first; at least one
 */
public record Protocols(String text, List<String> versions) {

    /** The versions Postfix can name, oldest first. */
    private enum Version {
        SSLV2("SSLv2", 0x0002),
        SSLV3("SSLv3", 0x0300),
        TLSV1("TLSv1", 0x0301),
        TLSV1_1("TLSv1.1", 0x0302),
        TLSV1_2("TLSv1.2", 0x0303),
        TLSV1_3("TLSv1.3", 0x0304);

        private final String word;
        private final int number;

        Version(String word, int number) {
            this.word = word;
            this.number = number;
        }

        static Optional<Version> parse(String word) {
            return Arrays.stream(values())
                    .filter(version -> version.word.equalsIgnoreCase(word))
                    .findAny();
        }
    }

    private static final String KNOWN = "SSLv2, SSLv3, TLSv1, TLSv1.1, TLSv1.2, TLSv1.3";

    /**
     * Reads a range. An empty text allows every version.
     *
     * @param field the input's name, for the error
     * @throws InvalidInput for an unknown word, or when nothing is left that this runtime offers
     */
    public static Protocols parse(String field, String text) {
        Set<Version> allowed = allowed(field, text);
        List<String> versions = contiguous(allowed);
        if (versions.isEmpty()) {
            throw new InvalidInput(
                    field,
                    "“"
                            + text
                            + "” leaves no TLS version that this server can offer ("
                            + String.join(", ", RuntimeTls.PROTOCOLS)
                            + ").",
                    "Write >=TLSv1.2. Excluding a version in the middle also excludes all newer"
                            + " ones; TLSv1 and TLSv1.1 need sealpost.tls.allow-legacy=true at"
                            + " start.");
        }
        return new Protocols(text, versions);
    }

    /** What an administrator should know about the range, a sentence each. */
    public List<String> warnings() {
        var warnings = new ArrayList<String>();
        Set<Version> allowed = allowed("protocols", text);
        allowed.retainAll(EnumSet.range(Version.TLSV1, Version.TLSV1_3));
        List<String> lost =
                allowed.stream()
                        .map(version -> version.word)
                        .filter(word -> !versions.contains(word))
                        .filter(RuntimeTls.PROTOCOLS::contains)
                        .toList();
        if (!lost.isEmpty()) {
            warnings.add(
                    "protocols has a hole: "
                            + String.join(", ", lost)
                            + " above it cannot be offered, as with Postfix.");
        }
        List<String> legacy = versions.stream().filter(RuntimeTls::isLegacy).toList();
        if (!legacy.isEmpty()) {
            warnings.add(
                    String.join(" and ", legacy)
                            + " may be used, which is weak; raise protocols to >=TLSv1.2 as soon as"
                            + " the partner can.");
        }
        return List.copyOf(warnings);
    }

    /** Whether a version is too weak for anything but a partner that has nothing newer. */
    public static boolean isLegacy(String version) {
        return RuntimeTls.isLegacy(version);
    }

    private static Set<Version> allowed(String field, String text) {
        Set<Version> included = EnumSet.noneOf(Version.class);
        Set<Version> excluded = EnumSet.noneOf(Version.class);
        int floor = 0;
        int ceiling = Integer.MAX_VALUE;
        for (String token : text.strip().split("[\\s,:]+")) {
            if (token.isEmpty()) {
                continue;
            }
            if (token.startsWith(">=")) {
                floor = bound(field, token.substring(2), 0);
            } else if (token.startsWith("<=")) {
                ceiling = bound(field, token.substring(2), Integer.MAX_VALUE);
            } else if (token.startsWith("!")) {
                excluded.add(version(field, token.substring(1)));
            } else {
                included.add(version(field, token));
            }
        }
        Set<Version> allowed = included.isEmpty() ? EnumSet.allOf(Version.class) : included;
        allowed.removeAll(excluded);
        int lowest = floor;
        int highest = ceiling;
        allowed.removeIf(version -> version.number < lowest || version.number > highest);
        return allowed;
    }

    private static int bound(String field, String word, int unbounded) {
        if (word.equalsIgnoreCase("none")) {
            return unbounded;
        }
        String hex = word.toLowerCase(Locale.ROOT).replaceFirst("^0x", "");
        if (hex.matches("[0-9a-f]{4}")) {
            return Integer.parseInt(hex, 16);
        }
        Version version = version(field, word);
        if (version == Version.SSLV2) {
            throw unknown(field, word);
        }
        return version.number;
    }

    private static Version version(String field, String word) {
        return Version.parse(word).orElseThrow(() -> unknown(field, word));
    }

    private static InvalidInput unknown(String field, String word) {
        return new InvalidInput(
                field,
                "“" + word + "” is not a TLS version.",
                "Use " + KNOWN + ", for example >=TLSv1.2 (no blank behind >=).");
    }

    /**
     * OpenSSL, and so Postfix, negotiates one unbroken range: everything above a gap is lost. We
     * keep that meaning although JSSE could offer both sides of the gap.
     */
    private static List<String> contiguous(Set<Version> allowed) {
        var range = new ArrayList<String>();
        boolean begun = false;
        for (Version version : EnumSet.range(Version.TLSV1, Version.TLSV1_3)) {
            if (allowed.contains(version)) {
                begun = true;
                range.addFirst(version.word);
            } else if (begun) {
                break;
            }
        }
        range.retainAll(RuntimeTls.PROTOCOLS);
        return List.copyOf(range);
    }
}

package org.sealpost.console;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Fingerprints;

/**
 * All fingerprints of a certificate as pages show them.
 *
 * @param usual SHA-256 of the certificate and of its key
 * @param others the other digests
 * @param tlsa data of TLSA records
 * @param postfixMatch lines for Postfix's tls_policy
 * @param pin the certificate as a rule's {@code match} names it
 * @param keyPin its key as a rule's {@code match} names it
 */
public record PrintView(
        List<Line> usual,
        List<Line> others,
        List<Copy> tlsa,
        List<Copy> postfixMatch,
        String pin,
        String keyPin) {

    private static final String USUAL = "sha256";

    /** One digest in its three forms. */
    public record Line(String digest, String of, String colon, String plain, String base64) {}

    /** A text to copy with what it is. */
    public record Copy(String about, String text) {}

    static PrintView of(Fingerprints prints) {
        List<Line> lines =
                prints.certificate().keySet().stream()
                        .flatMap(digest ->
                                Stream.of(
                                        line(
                                                digest,
                                                "certificate",
                                                prints.certificate(),
                                                prints.plain().get("certificate"),
                                                prints.base64().get("certificate")),
                                        line(
                                                digest,
                                                "public key",
                                                prints.publicKey(),
                                                prints.plain().get("publicKey"),
                                                prints.base64().get("publicKey"))))
                        .toList();
        String pin = "sha256:" + prints.certificate().get(USUAL);
        String keyPin = "spki-sha256:" + prints.publicKey().get(USUAL);
        return new PrintView(
                lines.stream().filter(line -> line.digest().equals(USUAL)).toList(),
                lines.stream().filter(line -> !line.digest().equals(USUAL)).toList(),
                prints.tlsa().stream()
                        .map(data -> new Copy(meaning(data.substring(0, 5)), data))
                        .toList(),
                List.of(
                        new Copy("certificate", "match=" + prints.postfixMatch()),
                        new Copy("public key", "match=" + prints.publicKey().get(USUAL))),
                pin,
                keyPin);
    }

    private static Line line(
            String digest,
            String of,
            Map<String, String> colon,
            @Nullable Map<String, String> plain,
            @Nullable Map<String, String> base64) {
        return new Line(
                digest,
                of,
                Objects.requireNonNullElse(colon.get(digest), ""),
                plain == null ? "" : Objects.requireNonNullElse(plain.get(digest), ""),
                base64 == null ? "" : Objects.requireNonNullElse(base64.get(digest), ""));
    }

    private static String meaning(String kind) {
        return switch (kind) {
            case "3 1 1" -> "its public key";
            case "3 0 1" -> "this certificate only";
            default -> "an authority of its chain";
        };
    }
}

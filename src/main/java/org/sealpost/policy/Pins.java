package org.sealpost.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.sealpost.certificate.Digest;
import org.sealpost.mail.InvalidInput;
import org.sealpost.tls.Pin;

/**
 * Reads the fingerprints of {@code match=}: {@code sha256:AA:BB..} of a certificate, {@code
 * spki-sha256:AA:BB..} of a public key, or bare hex as Postfix writes it, which is either and whose
 * digest its length tells. Postfix skips a malformed one in silence; here it is refused.
 */
final class Pins {

    private static final String DIGESTS =
            Arrays.stream(Digest.values()).map(Digest::word).collect(Collectors.joining(", "));

    private Pins() {}

    static List<Pin> parse(String field, List<String> match) {
        var pins = new ArrayList<Pin>();
        for (String list : match) {
            for (String text : list.split("\\|", -1)) {
                pins.add(
                        Pin.parse(text.strip())
                                .orElseThrow(() ->
                                        new InvalidInput(
                                                field,
                                                "“" + text.strip() + "” is no fingerprint.",
                                                "Write hex pairs of the right length for"
                                                        + " their digest ("
                                                        + DIGESTS
                                                        + "), e.g. sha256:AA:BB:.. or"
                                                        + " spki-sha256:AA:BB:.. for a public"
                                                        + " key.")));
            }
        }
        return List.copyOf(pins);
    }
}

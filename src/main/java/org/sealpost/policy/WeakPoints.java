package org.sealpost.policy;

import java.util.ArrayList;
import java.util.List;
import org.sealpost.mail.InvalidInput;
import org.sealpost.tls.Protocols;
import org.sealpost.tls.TlsLevel;

/** What makes a rule weak wherever it is shown, a few words each. */
public final class WeakPoints {

    private WeakPoints() {}

    /** Of what the rule itself says; what it inherits is the default's weakness. */
    public static List<String> of(TlsLevel level, PolicyAttributes attributes) {
        if (level == TlsLevel.NONE) {
            return List.of("always clear text");
        }
        var points = new ArrayList<String>();
        if (level == TlsLevel.MAY) {
            points.add("clear text possible");
        }
        if (attributes.protocols() != null) {
            points.addAll(ofProtocols(attributes.protocols()));
        }
        List<String> match = attributes.match();
        if (level == TlsLevel.FINGERPRINT && match != null && hasWeakPin(match)) {
            points.add("MD5 or SHA-1 pin");
        }
        return List.copyOf(points);
    }

    /** The versions of a range that are too old. */
    public static List<String> ofProtocols(String range) {
        try {
            List<String> old =
                    Protocols.parse("protocols", range).versions().stream()
                            .filter(Protocols::isLegacy)
                            .toList();
            return old.isEmpty() ? List.of() : List.of(String.join(" and ", old) + " allowed");
        } catch (InvalidInput unusable) {
            return List.of(); // nothing goes out under it at all
        }
    }

    private static boolean hasWeakPin(List<String> match) {
        try {
            return Pins.parse("match", match).stream()
                    .anyMatch(pin -> pin.fingerprint().digest().isWeak());
        } catch (InvalidInput unusable) {
            return false;
        }
    }
}

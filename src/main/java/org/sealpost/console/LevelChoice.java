package org.sealpost.console;

import java.util.Arrays;
import java.util.List;
import org.sealpost.tls.TlsLevel;

/** A level with its meaning in one line, for forms and filters. */
public record LevelChoice(String word, String meaning) {

    static final List<LevelChoice> ALL =
            Arrays.stream(TlsLevel.values())
                    .map(level -> new LevelChoice(level.word(), meaning(level)))
                    .toList();

    private static String meaning(TlsLevel level) {
        return switch (level) {
            case NONE -> "Clear text; STARTTLS is never used.";
            case MAY -> "TLS when the server offers it, clear text otherwise.";
            case ENCRYPT -> "TLS always; whose server it is, is not checked.";
            case FINGERPRINT -> "TLS to a server that shows a pinned certificate or key.";
            case VERIFY -> "TLS to a trusted certificate, by default for the MX host's name.";
            case SECURE -> "TLS to a trusted certificate for a name that DNS cannot forge.";
        };
    }
}

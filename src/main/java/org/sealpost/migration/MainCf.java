package org.sealpost.migration;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sealpost.policy.postfix.LogicalLines;
import org.sealpost.policy.postfix.LogicalLines.Piece;

/**
 * The parameters of a {@code main.cf}, in order.
 *
 * @param malformed logical lines that are no {@code name = value}
 */
record MainCf(List<Setting> settings, List<String> malformed) {

    /** A parameter as written; {@code value} is not expanded. */
    record Setting(int line, String name, String value) {}

    static MainCf parse(String text) {
        var settings = new ArrayList<Setting>();
        var malformed = new ArrayList<String>();
        LogicalLines.read(
                text,
                piece -> {
                    if (piece instanceof Piece.Text(int line, String content)) {
                        int equals = content.indexOf('=');
                        String name = equals < 0 ? "" : content.substring(0, equals).strip();
                        if (name.isEmpty()
                                || name.chars().anyMatch(Character::isWhitespace)
                                || Character.isWhitespace(content.charAt(0))) {
                            malformed.add(content.strip());
                        } else {
                            settings.add(
                                    new Setting(
                                            line,
                                            name,
                                            content.substring(equals + 1)
                                                    .strip()
                                                    .replaceAll("\\s+", " ")));
                        }
                    }
                });
        return new MainCf(settings, malformed);
    }

    /** The line that counts for each name: the last one. */
    Map<String, Setting> effective() {
        var last = new HashMap<String, Setting>();
        settings.forEach(setting -> last.put(setting.name(), setting));
        return last;
    }
}

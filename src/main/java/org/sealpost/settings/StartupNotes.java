package org.sealpost.settings;

import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Lines that the terminal shows once Sealpost is ready, e.g. listeners and one-time password. */
@Component
public class StartupNotes {

    private final List<String> lines = new ArrayList<>();

    public synchronized void add(String line) {
        lines.add(line);
    }

    synchronized void addAll(List<String> more) {
        lines.addAll(more);
    }

    /** The lines so far; they are forgotten, so that a password is printed once. */
    synchronized List<String> drain() {
        var drained = List.copyOf(lines);
        lines.clear();
        return drained;
    }
}

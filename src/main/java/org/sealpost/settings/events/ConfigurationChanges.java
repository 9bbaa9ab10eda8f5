package org.sealpost.settings.events;

import java.util.List;

/**
 * Many changes of configuration in one transaction, told at once so that they can be recorded at
 * once; each means the same as if it were published alone.
 */
public record ConfigurationChanges(List<ConfigurationChanged> all) {

    public ConfigurationChanges {
        all = List.copyOf(all);
    }
}

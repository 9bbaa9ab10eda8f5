package org.sealpost.settings;

import java.io.Serial;

/**
 * Neither database nor snapshot holds the configuration of a home that was in use. Nothing may be
 * delivered then: under default rules the mail in its spool could leave unencrypted.
 */
public final class ConfigurationLost extends StartupRefused {

    @Serial private static final long serialVersionUID = 1;

    public ConfigurationLost(String description, String remedy) {
        super(description, remedy);
    }
}

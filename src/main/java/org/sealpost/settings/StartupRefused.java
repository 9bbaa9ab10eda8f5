package org.sealpost.settings;

import java.io.Serial;
import org.sealpost.mail.Refusal;

/** Sealpost cannot start as it was told to; the process ends with what happened and what to do. */
public class StartupRefused extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    private final String description;
    private final String remedy;

    public StartupRefused(String description, String remedy) {
        super(description);
        this.description = description;
        this.remedy = remedy;
    }

    public StartupRefused(String description, String remedy, Throwable cause) {
        super(description, cause);
        this.description = description;
        this.remedy = remedy;
    }

    @Override
    public String explain() {
        return description;
    }

    @Override
    public String remedy() {
        return remedy;
    }
}

package org.sealpost.mail;

import java.io.Serial;

/** The caller may not do this, for a reason that can be told; the API answers 403. */
public class NotAllowed extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    private final String description;
    private final String remedy;

    public NotAllowed(String description, String remedy) {
        super(description);
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

package org.sealpost.mail;

import java.io.Serial;

/**
 * The change contradicts what is stored, e.g. a second rule for a next hop; the API answers 409.
 */
public class Conflict extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    private final String description;
    private final String remedy;

    public Conflict(String description, String remedy) {
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

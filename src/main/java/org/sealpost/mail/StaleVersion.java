package org.sealpost.mail;

import java.io.Serial;

/** Somebody else changed the object after it was read; the API answers 412, nothing was stored. */
public class StaleVersion extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    public StaleVersion(String what, Object id) {
        super("The " + what + " " + id + " was changed by somebody else meanwhile.");
    }

    @Override
    public String explain() {
        return "It was changed by somebody else after you read it; your change was not stored.";
    }

    @Override
    public String remedy() {
        return "Read it again, compare, and repeat your change.";
    }
}

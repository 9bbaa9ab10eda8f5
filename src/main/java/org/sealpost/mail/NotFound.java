package org.sealpost.mail;

import java.io.Serial;

/** There is no such object; the API answers 404. */
public class NotFound extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    private final String what;

    public NotFound(String what, Object id) {
        super("There is no " + what + " with the id " + id + ".");
        this.what = what;
    }

    @Override
    public String explain() {
        return "There is no such " + what + ".";
    }

    @Override
    public String remedy() {
        return "It may have been removed meanwhile; reload the list.";
    }
}

package org.sealpost.api;

import java.io.Serial;

/** A request parameter that cannot be read; the API answers 400. */
class BadRequest extends RuntimeException {

    @Serial private static final long serialVersionUID = 1;

    private final String field;

    BadRequest(String field, String message) {
        super(message);
        this.field = field;
    }

    String field() {
        return field;
    }
}

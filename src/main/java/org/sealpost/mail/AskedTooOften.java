package org.sealpost.mail;

import java.io.Serial;
import java.time.Duration;

/** The caller asks more often than is good for anybody; the API answers 429. */
public class AskedTooOften extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    private final String description;
    private final Duration retryAfter;

    /**
     * @param retryAfter when the same request would be taken
     */
    public AskedTooOften(String description, Duration retryAfter) {
        super(description);
        this.description = description;
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public String explain() {
        return description;
    }

    @Override
    public String remedy() {
        return "Ask again in " + Math.max(1, retryAfter.toSeconds()) + " seconds.";
    }
}

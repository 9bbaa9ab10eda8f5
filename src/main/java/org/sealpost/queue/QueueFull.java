package org.sealpost.queue;

import java.io.Serial;

/** There is no room for the message now; nothing of it was stored. */
public class QueueFull extends Exception {

    @Serial private static final long serialVersionUID = 1;

    public QueueFull(String message) {
        super(message);
    }
}

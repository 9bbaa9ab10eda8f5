package org.sealpost.queue;

import java.io.IOException;
import java.io.Serial;

/** What is stored contradicts itself; the message must be neither delivered nor deleted. */
final class DamagedMessage extends IOException {

    @Serial private static final long serialVersionUID = 1;

    DamagedMessage(String message) {
        super(message);
    }
}

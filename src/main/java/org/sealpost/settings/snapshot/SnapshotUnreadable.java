package org.sealpost.settings.snapshot;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** A file of the snapshot cannot be trusted; the message names the file and what is wrong. */
public final class SnapshotUnreadable extends IOException {

    @Serial private static final long serialVersionUID = 1;

    SnapshotUnreadable(Path file, String reason) {
        super(file + " " + reason);
    }
}

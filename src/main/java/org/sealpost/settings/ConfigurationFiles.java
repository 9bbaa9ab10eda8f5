package org.sealpost.settings;

import java.time.Instant;
import java.util.Optional;

/** The configuration's second copy, in files beside the embedded database. */
public interface ConfigurationFiles {

    /**
     * Whether a change is in force that the files lack. A loss of the database would undo it, so
     * nothing is delivered until the files have it.
     */
    boolean areBehind();

    /** What this start had to restore from the files; empty when the database was whole. */
    Optional<Restoration> restoration();

    /**
     * A configuration that came back from the files.
     *
     * @param reason what was wrong with the database
     * @param result what was restored, and where the damaged database is now
     */
    record Restoration(Instant at, String reason, String result) {}
}

package org.sealpost.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.prepost.PreAuthorize;

/** Whether the audit trail is as it was written. Needs {@code audit:read}. */
public interface AuditProof {

    /** Reads all files and compares them with their chain and with the database. */
    @PreAuthorize("hasAuthority('audit:read')")
    Report verify();

    /**
     * What was found.
     *
     * @param intact whether nothing speaks against it
     * @param entries how many entries the files hold
     * @param head the last link of the chain, 64 hexadecimal digits: kept elsewhere, it also proves
     *     that nothing was taken off the end or written anew
     * @param findings where it is broken, at most 100
     */
    record Report(boolean intact, long entries, String head, List<Finding> findings) {}

    /**
     * A place where the trail is not as it was written.
     *
     * @param file below {@code sealpost.home/audit}; null when it is about the database
     * @param line counted from 1; null when it is about the database
     * @param message what is wrong there
     */
    record Finding(@Nullable String file, @Nullable Integer line, String message) {}
}

package org.sealpost.audit;

import java.io.Serial;
import org.sealpost.mail.Refusal;

/** The change is stored and in force, but its entry could not be copied to the audit file. */
public class AuditCopyFailed extends RuntimeException implements Refusal {

    @Serial private static final long serialVersionUID = 1;

    AuditCopyFailed(Throwable cause) {
        super("the audit entry could not be copied to sealpost.home/audit", cause);
    }

    @Override
    public String explain() {
        return "The change is stored and in force, but its audit entry could not be forced to the"
                + " folder audit of the data folder.";
    }

    @Override
    public String remedy() {
        return "Make room on the disk or the folder writable; the entry is copied with the next one,"
                + " or at the next start.";
    }
}

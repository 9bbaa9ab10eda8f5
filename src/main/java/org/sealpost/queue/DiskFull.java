package org.sealpost.queue;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Knows a full disk by what an operating system or PostgreSQL says. */
final class DiskFull {

    /** PostgreSQL's {@code disk_full}. */
    private static final String SQL_STATE = "53100";

    private DiskFull() {}

    static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean full =
                    switch (cause) {
                        case SQLException sql -> SQL_STATE.equals(sql.getSQLState());
                        case IOException file -> isSaid(file.getMessage());
                        default -> false;
                    };
            if (full) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSaid(@Nullable String message) {
        return message != null
                && (message.contains("No space left") || message.contains("Disk quota exceeded"));
    }
}

package org.sealpost.eventlog;

import org.jspecify.annotations.Nullable;

/**
 * A line of the mail log.
 *
 * @param program which of Postfix's programs says it, e.g. {@code smtpd}
 * @param text without time, machine and program
 * @param outcome whether it tells what became of a recipient
 */
record MailLine(
        String program,
        String text,
        @Nullable String session,
        @Nullable String queueId,
        boolean outcome) {}

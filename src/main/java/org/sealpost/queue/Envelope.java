package org.sealpost.queue;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;

/**
 * An accepted message's envelope.
 *
 * @param sender the reverse path; null is the empty one of a bounce
 * @param recipients at least one
 * @param eightBit whether the client declared BODY=8BITMIME (RFC 6152)
 * @param smtputf8 whether the client asked for SMTPUTF8 (RFC 6531)
 * @param ret {@code FULL}, {@code HDRS} or null (RFC 3461 §4.3)
 * @param envid as the client wrote it, in xtext, or null (RFC 3461 §4.4)
 * @param session the inbound session's id, for the event log; null for mail made here
 */
public record Envelope(
        @Nullable MailAddress sender,
        List<Recipient> recipients,
        boolean eightBit,
        boolean smtputf8,
        @Nullable String ret,
        @Nullable String envid,
        @Nullable String session) {

    public Envelope {
        // The same address given twice gets one copy, as every mail server does it.
        var once = new LinkedHashMap<MailAddress, Recipient>();
        recipients.forEach(recipient -> once.putIfAbsent(recipient.address(), recipient));
        recipients = List.copyOf(once.values());
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a message without recipients");
        }
    }

    /**
     * One recipient.
     *
     * @param dsnNotify {@code NEVER} or a list of {@code SUCCESS,FAILURE,DELAY}; null when not
     *     given (RFC 3461 §4.1)
     * @param orcpt as the client wrote it, or null (RFC 3461 §4.2)
     */
    public record Recipient(
            MailAddress address, @Nullable String dsnNotify, @Nullable String orcpt) {}
}

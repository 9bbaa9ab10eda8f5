package org.sealpost.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;

/** An envelope as the spool file holds it. */
record StoredEnvelope(
        String id,
        @Nullable String sender,
        List<StoredRecipient> recipients,
        boolean eightBit,
        boolean smtputf8,
        @Nullable String ret,
        @Nullable String envid,
        @Nullable String session,
        Instant receivedAt,
        Instant expiresAt) {

    record StoredRecipient(String address, @Nullable String dsnNotify, @Nullable String orcpt) {}

    static StoredEnvelope of(String id, Envelope envelope, Instant receivedAt, Instant expiresAt) {
        return new StoredEnvelope(
                id,
                envelope.sender() == null ? null : envelope.sender().toString(),
                envelope.recipients().stream()
                        .map(recipient ->
                                new StoredRecipient(
                                        recipient.address().toString(),
                                        recipient.dsnNotify(),
                                        recipient.orcpt()))
                        .toList(),
                envelope.eightBit(),
                envelope.smtputf8(),
                envelope.ret(),
                envelope.envid(),
                envelope.session(),
                receivedAt,
                expiresAt);
    }

    /** The envelope with the recipients at these positions only. */
    Envelope envelope(List<Integer> positions) {
        return new Envelope(
                sender == null ? null : address(sender),
                positions.stream()
                        .map(recipients::get)
                        .map(recipient ->
                                new Envelope.Recipient(
                                        address(recipient.address),
                                        recipient.dsnNotify,
                                        recipient.orcpt))
                        .toList(),
                eightBit,
                smtputf8,
                ret,
                envid,
                session);
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text)
                .orElseThrow(() -> new IllegalStateException("stored address " + text));
    }
}

package org.sealpost.console;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Puts messages into the queue's tables that no dispatcher touches: they are due tomorrow. */
final class QueueRows {

    private static final String VERDICT =
            """
            {"outcome":"defer","code":"4.7.5","level":"secure","matchedKey":"partner.queue.example",\
            "status":"Untrusted","protocol":"TLSv1.3","cipher":"TLS_AES_256_GCM_SHA384","group":null,\
            "checks":[{"name":"handshake","result":"pass","expected":"TLS","seen":"TLSv1.3"},\
            {"name":"chain","result":"fail","expected":"a trusted chain","seen":"<b>self-signed</b>"},\
            {"name":"pin","result":"skip","expected":"","seen":"not asked for"}],\
            "chain":[{"subject":"CN=mx.partner.queue.example","issuer":"CN=Lab","notAfter":\
            "2020-01-31T12:00:00Z","fingerprints":{"sha256":"AA:BB:CC","spki-sha256":"DD:EE:FF"}}],\
            "explanation":"The server did not prove who it is.","remedy":"Ask the partner."}\
            """;

    private final JdbcTemplate jdbc;

    QueueRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void message(String id, String state, String... recipients) {
        Instant now = Instant.now();
        jdbc.update(
                "insert into queue_message (id, state, sender, size, received_at, expires_at,"
                        + " due_at, attempts) values (?, ?, 'a@sender.queue.example', 12345, ?, ?,"
                        + " ?, 1)",
                id,
                state,
                Timestamp.from(now.minus(Duration.ofMinutes(7))),
                Timestamp.from(now.plus(Duration.ofDays(5))),
                state.equals("deferred") ? Timestamp.from(now.plus(Duration.ofDays(1))) : null);
        for (int i = 0; i < recipients.length; i++) {
            jdbc.update(
                    "insert into queue_recipient (message_id, position, address, state, last_reply)"
                            + " values (?, ?, ?, ?, ?)",
                    id,
                    i,
                    recipients[i],
                    state.equals("deferred") ? "deferred" : "queued",
                    state.equals("deferred") ? "4.7.5 Server certificate not verified" : null);
        }
    }

    void refusedByTls(String id) {
        attempt(id, "4.7.5 Server certificate not verified", VERDICT);
    }

    void attempt(String id, String reply, @Nullable String verdict) {
        jdbc.update(
                "insert into queue_attempt (message_id, made_at, next_hop, host, reply, verdict)"
                        + " values (?, ?, 'partner.queue.example',"
                        + " 'mx.partner.queue.example[192.0.2.1]:25', ?, ?)",
                id,
                Timestamp.from(Instant.now().minus(Duration.ofMinutes(2))),
                reply,
                verdict);
    }

    void clear() {
        String ours = "(select id from queue_message where sender = 'a@sender.queue.example')";
        jdbc.update("delete from queue_attempt where message_id in " + ours);
        jdbc.update("delete from queue_recipient where message_id in " + ours);
        jdbc.update("delete from queue_message where sender = 'a@sender.queue.example'");
    }
}

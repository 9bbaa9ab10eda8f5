package org.sealpost.account;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The tables of second factors and of recovery codes. */
@Component
class SecondFactorRows {

    private final JdbcClient database;

    SecondFactorRows(JdbcClient database) {
        this.database = database;
    }

    /** What is kept of somebody's authenticator. */
    record Stored(String sealedSecret, Instant since) {}

    Optional<Stored> find(long userId) {
        return database.sql("select sealed_secret, since from second_factor where user_id = ?")
                .param(userId)
                .query((row, number) ->
                        new Stored(
                                row.getString(1),
                                row.getObject(2, OffsetDateTime.class).toInstant()))
                .optional();
    }

    boolean isOn(long userId) {
        return find(userId).isPresent();
    }

    Set<Long> owners() {
        return database.sql("select user_id from second_factor")
                .query((row, number) -> row.getLong(1))
                .set();
    }

    void insert(long userId, String sealedSecret, Instant since, long step) {
        database.sql(
                        "insert into second_factor (user_id, sealed_secret, since, last_step)"
                                + " values (?, ?, ?, ?)")
                .params(userId, sealedSecret, time(since), step)
                .update();
    }

    /** Uses up a time step; false when it or a later one was used already. */
    boolean use(long userId, long step) {
        return database.sql(
                                "update second_factor set last_step = ? where user_id = ? and last_step < ?")
                        .params(step, userId, step)
                        .update()
                == 1;
    }

    /** Removes the authenticator and the recovery codes; false when there was none. */
    boolean delete(long userId) {
        deleteCodes(userId);
        return database.sql("delete from second_factor where user_id = ?").param(userId).update()
                == 1;
    }

    void replaceCodes(long userId, List<RecoveryCode> codes) {
        deleteCodes(userId);
        for (RecoveryCode code : codes) {
            database.sql("insert into recovery_code (digest, user_id) values (?, ?)")
                    .params(code.digest(), userId)
                    .update();
        }
    }

    /** Uses up a recovery code; false when there is no such code, or it was used. */
    boolean use(long userId, RecoveryCode code, Instant now) {
        return database.sql(
                                "update recovery_code set used_at = ? where user_id = ? and digest = ?"
                                        + " and used_at is null")
                        .params(time(now), userId, code.digest())
                        .update()
                == 1;
    }

    int codesLeft(long userId) {
        return database.sql(
                        "select count(*) from recovery_code where user_id = ? and used_at is null")
                .param(userId)
                .query(Integer.class)
                .single();
    }

    private void deleteCodes(long userId) {
        database.sql("delete from recovery_code where user_id = ?").param(userId).update();
    }

    private static OffsetDateTime time(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}

package org.sealpost.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.ApiTokens.ApiToken;
import org.sealpost.account.ApiTokens.NewToken;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Component;

/** The tokens' table. Of a secret it holds only the digest. */
@Component
class TokenRows {

    private static final String SELECT =
            "select t.id, t.name, u.username, t.scopes, t.addresses, t.created_at, t.expires_at,"
                    + " t.last_used_at from api_token t join app_user u on u.id = t.user_id ";

    private final JdbcClient database;

    TokenRows(JdbcClient database) {
        this.database = database;
    }

    List<ApiToken> all() {
        return database.sql(SELECT + "order by u.username, t.name").query(TokenRows::token).list();
    }

    List<ApiToken> of(String owner) {
        return database.sql(SELECT + "where u.username = ? order by t.name")
                .param(owner)
                .query(TokenRows::token)
                .list();
    }

    Optional<ApiToken> find(long id) {
        return database.sql(SELECT + "where t.id = ?").param(id).query(TokenRows::token).optional();
    }

    Optional<ApiToken> byDigest(String digest) {
        return database.sql(SELECT + "where t.digest = ?")
                .param(digest)
                .query(TokenRows::token)
                .optional();
    }

    long insert(long userId, NewToken token, String digest, Instant now) {
        var key = new GeneratedKeyHolder();
        database.sql(
                        "insert into api_token (user_id, name, digest, scopes, addresses, created_at,"
                                + " expires_at) values (?, ?, ?, ?, ?, ?, ?)")
                .param(userId)
                .param(token.name())
                .param(digest)
                .param(joined(token.scopes()))
                .param(joined(token.addresses()))
                .param(time(now))
                .param(token.expiresAt() == null ? null : time(token.expiresAt()))
                .update(key, "id");
        Number id = key.getKey();
        if (id == null) {
            throw new IllegalStateException("the database gave no id");
        }
        return id.longValue();
    }

    void changeDigest(long id, String digest) {
        database.sql("update api_token set digest = ?, last_used_at = null where id = ?")
                .params(digest, id)
                .update();
    }

    void used(long id, Instant now) {
        database.sql("update api_token set last_used_at = ? where id = ?")
                .params(time(now), id)
                .update();
    }

    void delete(long id) {
        database.sql("delete from api_token where id = ?").param(id).update();
    }

    private static ApiToken token(ResultSet row, int number) throws SQLException {
        return new ApiToken(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                split(row.getString(4)),
                split(row.getString(5)),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                instant(row, 7),
                instant(row, 8));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime time(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }

    private static String joined(@Nullable List<String> words) {
        return words == null ? "" : String.join(" ", words);
    }

    private static List<String> split(String words) {
        return Arrays.stream(words.split(" ")).filter(word -> !word.isEmpty()).toList();
    }
}

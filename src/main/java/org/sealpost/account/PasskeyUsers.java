package org.sealpost.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.management.PublicKeyCredentialUserEntityRepository;
import org.springframework.stereotype.Component;

/** The random handles by which authenticators know console users (WebAuthn §5.4.3). */
@Component
class PasskeyUsers implements PublicKeyCredentialUserEntityRepository {

    private static final String SELECT =
            "select p.handle, u.username from passkey_user p join app_user u on u.id = p.user_id ";

    private final JdbcClient database;

    PasskeyUsers(JdbcClient database) {
        this.database = database;
    }

    @Override
    @SuppressWarnings("NullAway") // the interface says null where there is none
    public @Nullable PublicKeyCredentialUserEntity findById(Bytes id) {
        return database.sql(SELECT + "where p.handle = ?")
                .param(id.toBase64UrlString())
                .query(PasskeyUsers::user)
                .optional()
                .orElse(null);
    }

    @Override
    @SuppressWarnings("NullAway") // the interface says null where there is none
    public @Nullable PublicKeyCredentialUserEntity findByUsername(String username) {
        return database.sql(SELECT + "where u.username = ?")
                .param(username)
                .query(PasskeyUsers::user)
                .optional()
                .orElse(null);
    }

    @Override
    public void save(PublicKeyCredentialUserEntity user) {
        database.sql(
                        "insert into passkey_user (user_id, handle)"
                                + " select id, ? from app_user where username = ?")
                .params(user.getId().toBase64UrlString(), user.getName())
                .update();
    }

    @Override
    public void delete(Bytes id) {
        database.sql("delete from passkey_user where handle = ?")
                .param(id.toBase64UrlString())
                .update();
    }

    private static PublicKeyCredentialUserEntity user(ResultSet row, int number)
            throws SQLException {
        return ImmutablePublicKeyCredentialUserEntity.builder()
                .id(Bytes.fromBase64(row.getString(1)))
                .name(row.getString(2))
                .displayName(row.getString(2))
                .build();
    }
}

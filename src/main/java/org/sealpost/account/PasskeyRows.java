package org.sealpost.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.Passkeys.Passkey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.web.webauthn.api.AuthenticatorTransport;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutableCredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCose;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialType;
import org.springframework.security.web.webauthn.management.UserCredentialRepository;
import org.springframework.stereotype.Component;

/**
 * The table of passkeys. Spring's own one keeps binary columns, which the configuration snapshot
 * does not know; here they are text in base64url, as in the browser.
 */
@Component
class PasskeyRows implements UserCredentialRepository {

    private static final String SELECT =
            "select k.credential_id, u.handle, k.label, k.public_key, k.signature_count,"
                    + " k.user_verified, k.backup_eligible, k.backup_state, k.transports,"
                    + " k.attestation_object, k.client_data, k.created_at, k.last_used_at"
                    + " from passkey k join passkey_user u on u.user_id = k.user_id ";

    private final JdbcClient database;

    PasskeyRows(JdbcClient database) {
        this.database = database;
    }

    @Override
    public void save(CredentialRecord record) {
        String id = record.getCredentialId().toBase64UrlString();
        int known =
                database.sql(
                                "update passkey set signature_count = ?, user_verified = ?,"
                                        + " backup_state = ?, last_used_at = ? where credential_id = ?")
                        .params(
                                record.getSignatureCount(),
                                record.isUvInitialized(),
                                record.isBackupState(),
                                time(record.getLastUsed()),
                                id)
                        .update();
        if (known == 0) {
            insert(id, record);
        }
    }

    private void insert(String id, CredentialRecord record) {
        database.sql(
                        "insert into passkey (user_id, credential_id, label, public_key,"
                                + " signature_count, user_verified, backup_eligible, backup_state,"
                                + " transports, attestation_object, client_data, created_at,"
                                + " last_used_at) values ((select user_id from passkey_user where"
                                + " handle = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        record.getUserEntityUserId().toBase64UrlString(),
                        id,
                        record.getLabel(),
                        new Bytes(record.getPublicKey().getBytes()).toBase64UrlString(),
                        record.getSignatureCount(),
                        record.isUvInitialized(),
                        record.isBackupEligible(),
                        record.isBackupState(),
                        record.getTransports().stream()
                                .map(AuthenticatorTransport::getValue)
                                .collect(Collectors.joining(" ")),
                        text(record.getAttestationObject()),
                        text(record.getAttestationClientDataJSON()),
                        time(record.getCreated()),
                        time(record.getLastUsed()))
                .update();
    }

    @Override
    public void delete(Bytes credentialId) {
        database.sql("delete from passkey where credential_id = ?")
                .param(credentialId.toBase64UrlString())
                .update();
    }

    @Override
    @SuppressWarnings("NullAway") // the interface says null where there is none
    public @Nullable CredentialRecord findByCredentialId(Bytes credentialId) {
        return database.sql(SELECT + "where k.credential_id = ?")
                .param(credentialId.toBase64UrlString())
                .query(PasskeyRows::credential)
                .optional()
                .orElse(null);
    }

    @Override
    public List<CredentialRecord> findByUserId(Bytes userId) {
        return database.sql(SELECT + "where u.handle = ?")
                .param(userId.toBase64UrlString())
                .query(PasskeyRows::credential)
                .list();
    }

    List<Passkey> of(long userId) {
        return database.sql(
                        "select id, label, created_at, last_used_at from passkey where user_id = ?"
                                + " order by created_at, id")
                .param(userId)
                .query((row, number) ->
                        new Passkey(
                                row.getLong(1), row.getString(2), instant(row, 3), instant(row, 4)))
                .list();
    }

    Optional<Passkey> find(long userId, long id) {
        return of(userId).stream().filter(passkey -> passkey.id() == id).findAny();
    }

    boolean hasAny(long userId) {
        return !of(userId).isEmpty();
    }

    void rename(long id, String label) {
        database.sql("update passkey set label = ? where id = ?").params(label, id).update();
    }

    void delete(long id) {
        database.sql("delete from passkey where id = ?").param(id).update();
    }

    Set<Long> owners() {
        return database.sql("select distinct user_id from passkey")
                .query((row, number) -> row.getLong(1))
                .set();
    }

    int deleteAll(long userId) {
        return database.sql("delete from passkey where user_id = ?").param(userId).update();
    }

    private static CredentialRecord credential(ResultSet row, int number) throws SQLException {
        return ImmutableCredentialRecord.builder()
                .credentialType(PublicKeyCredentialType.PUBLIC_KEY)
                .credentialId(Bytes.fromBase64(row.getString(1)))
                .userEntityUserId(Bytes.fromBase64(row.getString(2)))
                .label(row.getString(3))
                .publicKey(ImmutablePublicKeyCose.fromBase64(row.getString(4)))
                .signatureCount(row.getLong(5))
                .uvInitialized(row.getBoolean(6))
                .backupEligible(row.getBoolean(7))
                .backupState(row.getBoolean(8))
                .transports(
                        Arrays.stream(row.getString(9).split(" "))
                                .filter(word -> !word.isEmpty())
                                .map(AuthenticatorTransport::valueOf)
                                .collect(Collectors.toSet()))
                .attestationObject(Bytes.fromBase64(row.getString(10)))
                .attestationClientDataJSON(Bytes.fromBase64(row.getString(11)))
                .created(instant(row, 12))
                .lastUsed(instant(row, 13))
                .build();
    }

    /** Spring's registration always has them, and signing in needs them again. */
    private static String text(@Nullable Bytes bytes) {
        return Objects.requireNonNull(bytes).toBase64UrlString();
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime time(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC);
    }
}

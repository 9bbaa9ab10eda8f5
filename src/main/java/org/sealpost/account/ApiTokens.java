package org.sealpost.account;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tokens with which programs call the API in a user's name: {@code Authorization: Bearer TOKEN}
 * (RFC 6750). A token can do what its scopes and its owner's present roles both allow. People keep
 * them with their password; a token can keep no tokens.
 */
public interface ApiTokens {

    /** All scopes there are. */
    List<String> SCOPES =
            Stream.concat(
                            Stream.of(
                                            "policies",
                                            "routes",
                                            "certificates",
                                            "listeners",
                                            "settings",
                                            "queue",
                                            "selftests",
                                            "events",
                                            "users",
                                            "audit")
                                    .flatMap(word -> Stream.of(word + ":read", word + ":write")),
                            Stream.of("metrics:read"))
                    .toList();

    /** The caller's own tokens, an administrator's list has everybody's; ordered by owner, name. */
    List<ApiToken> list();

    /** Makes a token of the caller's. */
    Issued create(NewToken token);

    /** Gives a token of the caller's another secret; the old one is refused from then on. */
    Issued rotate(long id);

    /** Removes a token of the caller's; an administrator may remove anybody's. */
    void delete(long id);

    /**
     * A token without its secret.
     *
     * @param addresses networks it may be used from; empty for everywhere
     * @param expiresAt null when it does not end by itself
     * @param lastUsedAt to the minute; null when it never was
     */
    record ApiToken(
            long id,
            String name,
            String owner,
            List<String> scopes,
            List<String> addresses,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt) {}

    /** A token with its secret, which is shown this once and stored nowhere. */
    record Issued(ApiToken token, String secret) {

        /** Without the secret, so that no log can show it. */
        @Override
        public String toString() {
            return "Issued[" + token + "]";
        }
    }

    /** A token as its owner asks for it. */
    record NewToken(
            @Nullable String name,
            @Nullable List<String> scopes,
            @Nullable Instant expiresAt,
            @Nullable List<String> addresses) {}
}

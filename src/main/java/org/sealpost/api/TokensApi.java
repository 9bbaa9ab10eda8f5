package org.sealpost.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.ApiTokens;
import org.sealpost.account.ApiTokens.ApiToken;
import org.sealpost.account.ApiTokens.Issued;
import org.sealpost.account.ApiTokens.NewToken;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** API tokens over REST, for callers with a password. */
@RestController
@RequestMapping("/api/v1/tokens")
class TokensApi {

    private final ApiTokens tokens;

    TokensApi(ApiTokens tokens) {
        this.tokens = tokens;
    }

    /** A token with its secret, shown this once. */
    record IssuedResponse(
            long id,
            String token,
            String name,
            List<String> scopes,
            List<String> addresses,
            @Nullable Instant expiresAt) {

        static IssuedResponse of(Issued issued) {
            ApiToken token = issued.token();
            return new IssuedResponse(
                    token.id(),
                    issued.secret(),
                    token.name(),
                    token.scopes(),
                    token.addresses(),
                    token.expiresAt());
        }
    }

    @GetMapping
    Page<ApiToken> list() {
        List<ApiToken> all = tokens.list();
        return new Page<>(all, null, all.size());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<IssuedResponse> create(@RequestBody NewToken token) {
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(IssuedResponse.of(tokens.create(token)));
    }

    @PostMapping("/{id}/rotate")
    IssuedResponse rotate(@PathVariable long id) {
        return IssuedResponse.of(tokens.rotate(id));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable long id) {
        tokens.delete(id);
        return ResponseEntity.noContent().build();
    }
}

package org.sealpost.account;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.sealpost.account.ApiTokens.ApiToken;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Tokens in the database; each request with one reads its row, so that a change acts at once. */
@Service
@PreAuthorize("hasAuthority('policies:read')")
class StoredApiTokens implements ApiTokens {

    private static final String OBJECT = "token";

    private final TokenRows rows;
    private final UserRows users;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    StoredApiTokens(TokenRows rows, UserRows users, ApplicationEventPublisher events, Clock clock) {
        this.rows = rows;
        this.users = users;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(readOnly = true)
    public List<ApiToken> list() {
        Authentication person = Caller.person();
        return isAdministrator(person) ? rows.all() : rows.of(person.getName());
    }

    @Override
    @Transactional
    public Issued create(NewToken asked) {
        String owner = Caller.person().getName();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        NewToken token = TokenCheck.checked(asked, now);
        long userId =
                users.findByUsername(owner)
                        .orElseThrow(() -> new NotFound("user", owner))
                        .toUser()
                        .id();
        TokenSecret secret = TokenSecret.random();
        long id;
        try {
            id = rows.insert(userId, token, secret.digest(), now);
        } catch (DuplicateKeyException taken) {
            throw new Conflict(
                    "You have a token " + token.name() + " already.",
                    "Choose another name, or remove that one.");
        }
        ApiToken created = rows.find(id).orElseThrow();
        events.publishEvent(ConfigurationChanged.created(OBJECT, id, created));
        return new Issued(created, secret.text());
    }

    @Override
    @Transactional
    public Issued rotate(long id) {
        Authentication person = Caller.person();
        ApiToken before = token(id, person);
        if (!before.owner().equals(person.getName())) {
            // The new secret would let an administrator act in somebody else's name.
            throw new AccessDeniedException("the token is somebody else's");
        }
        TokenSecret secret = TokenSecret.random();
        rows.changeDigest(id, secret.digest());
        ApiToken after = rows.find(id).orElseThrow();
        events.publishEvent(ConfigurationChanged.changed(OBJECT, id, before, after));
        return new Issued(after, secret.text());
    }

    @Override
    @Transactional
    public void delete(long id) {
        ApiToken before = token(id, Caller.person());
        rows.delete(id);
        events.publishEvent(ConfigurationChanged.removed(OBJECT, id, before));
    }

    /** A token of the caller's, or for an administrator anybody's; others do not learn of it. */
    private ApiToken token(long id, Authentication person) {
        return rows.find(id)
                .filter(token -> token.owner().equals(person.getName()) || isAdministrator(person))
                .orElseThrow(() -> new NotFound("token", id));
    }

    private static boolean isAdministrator(Authentication person) {
        return person.getAuthorities().stream()
                .anyMatch(one -> "users:write".equals(one.getAuthority()));
    }
}

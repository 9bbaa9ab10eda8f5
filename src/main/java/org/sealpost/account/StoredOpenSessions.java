package org.sealpost.account;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Asks the users table, as each request does, and the book of sessions. */
@Service
class StoredOpenSessions implements OpenSessions {

    private static final String MAY_LOOK = "hasAuthority('policies:read')";

    private final UserRows users;
    private final SessionBook book;
    private final ApplicationEventPublisher events;

    StoredOpenSessions(UserRows users, SessionBook book, ApplicationEventPublisher events) {
        this.users = users;
        this.book = book;
        this.events = events;
    }

    @Override
    public boolean isStillGood(Authentication caller) {
        return caller.getPrincipal() instanceof SignedIn session
                && book.isOpen(session.handle())
                && users.findByUsername(session.username()).filter(session::isStill).isPresent();
    }

    @Override
    @PreAuthorize(MAY_LOOK)
    public List<Session> own() {
        return book.list().stream().filter(ownedBy(Caller.person())).toList();
    }

    @Override
    @PreAuthorize(MAY_LOOK)
    public boolean isCurrent(Session session) {
        return Caller.person().getPrincipal() instanceof SignedIn signedIn
                && signedIn.handle().equals(session.handle());
    }

    @Override
    @PreAuthorize("hasAuthority('users:read')")
    public List<Session> all() {
        return book.list();
    }

    @Override
    @Transactional
    @PreAuthorize(MAY_LOOK)
    public void endOwn(String handle) {
        end(handle, ownedBy(Caller.person()));
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('users:write')")
    public void end(String handle) {
        end(handle, anybodys -> true);
    }

    private void end(String handle, Predicate<Session> isAllowed) {
        Session session =
                book.find(handle)
                        .filter(isAllowed)
                        .orElseThrow(() -> new NotFound("session", handle));
        events.publishEvent(
                ConfigurationChanged.removed(
                        "session",
                        handle,
                        Map.of(
                                "username", session.username(),
                                "since", session.since(),
                                "address", session.address(),
                                "browser", session.browser())));
        book.revoke(handle);
    }

    private static Predicate<Session> ownedBy(Authentication person) {
        return session -> session.username().equals(person.getName());
    }
}

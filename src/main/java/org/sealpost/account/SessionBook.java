package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.sealpost.account.OpenSessions.Session;
import org.sealpost.settings.Settings;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.stereotype.Component;

/**
 * Who is signed in at the console and from where. It is kept in memory like the sessions
 * themselves: after a restart everybody signs in again.
 */
@Component
class SessionBook {

    private static final int LONGEST_BROWSER = 300;

    private final SessionRegistry registry;
    private final Settings settings;
    private final Clock clock;

    SessionBook(SessionRegistryImpl registry, Settings settings, Clock clock) {
        this.registry = registry;
        this.settings = settings;
        this.clock = clock;
    }

    /** What the registry keeps of a session; the handle is the sign-in's own. */
    private record Entry(
            String handle,
            String username,
            Instant since,
            AtomicReference<Instant> lastUsed,
            String address,
            String browser) {

        static Entry of(SignedIn signedIn, HttpServletRequest request, Instant now) {
            String browser = Objects.requireNonNullElse(request.getHeader("User-Agent"), "");
            return new Entry(
                    signedIn.handle(),
                    signedIn.username(),
                    now,
                    new AtomicReference<>(now),
                    request.getRemoteAddr(),
                    browser.length() > LONGEST_BROWSER
                            ? browser.substring(0, LONGEST_BROWSER)
                            : browser);
        }
    }

    /** Notes that a session is used; false when it was revoked or has lasted too long. */
    boolean note(HttpSession session, SignedIn signedIn, HttpServletRequest request) {
        SessionInformation known = registry.getSessionInformation(session.getId());
        if (known == null || !(known.getPrincipal() instanceof Entry entry)) {
            registry.registerNewSession(
                    session.getId(), Entry.of(signedIn, request, clock.instant()));
            return true;
        }
        if (!entry.handle().equals(signedIn.handle())) {
            // Somebody signed in anew in the same browser.
            registry.removeSessionInformation(session.getId());
            return note(session, signedIn, request);
        }
        if (known.isExpired() || isTooOld(entry)) {
            return false;
        }
        entry.lastUsed().set(clock.instant());
        return true;
    }

    /** Whether a sign-in was neither revoked nor ended. */
    boolean isOpen(String handle) {
        return entries().filter(entry -> entry.handle().equals(handle)).anyMatch(this::isOpen);
    }

    /** All that are open, the one used last first. */
    List<Session> list() {
        return entries()
                .filter(this::isOpen)
                .flatMap(entry ->
                        registry.getAllSessions(entry, false).stream()
                                .map(open ->
                                        new Session(
                                                entry.handle(),
                                                entry.username(),
                                                entry.since(),
                                                entry.lastUsed().get(),
                                                entry.address(),
                                                entry.browser())))
                .sorted(Comparator.comparing(Session::lastUsed).reversed())
                .toList();
    }

    Optional<Session> find(String handle) {
        return list().stream().filter(session -> session.handle().equals(handle)).findAny();
    }

    /** Ends a session with its next request. */
    void revoke(String handle) {
        entries()
                .filter(entry -> entry.handle().equals(handle))
                .flatMap(entry -> registry.getAllSessions(entry, false).stream())
                .forEach(SessionInformation::expireNow);
    }

    private Stream<Entry> entries() {
        return registry.getAllPrincipals().stream()
                .filter(Entry.class::isInstance)
                .map(Entry.class::cast);
    }

    private boolean isOpen(Entry entry) {
        return !isTooOld(entry) && !registry.getAllSessions(entry, false).isEmpty();
    }

    private boolean isTooOld(Entry entry) {
        return entry.since()
                .plus(settings.get(AccountSettings.SECTION).sessionLifetime())
                .isBefore(clock.instant());
    }
}

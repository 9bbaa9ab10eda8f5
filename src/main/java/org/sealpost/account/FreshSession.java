package org.sealpost.account;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Holds a console session to what its user is now: changed roles count from the next request on,
 * and a session ends when its user is removed, disabled or gets another password elsewhere, when it
 * was revoked, and when it has lasted too long.
 */
class FreshSession extends OncePerRequestFilter {

    private static final Set<String> NEEDS_NO_USER = Set.of("webjars", "css", "js", "img");

    private final UserRows users;
    private final Standing standing;
    private final SessionBook book;

    FreshSession(UserRows users, Standing standing, SessionBook book) {
        this.book = book;
        this.users = users;
        this.standing = standing;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller != null && caller.getPrincipal() instanceof SignedIn session) {
            Optional<UserEntity> user =
                    users.findByUsername(session.username()).filter(session::isStill);
            // Gone when the end of a stream is handled after its user signed out.
            HttpSession http = request.getSession(false);
            if (user.isPresent() && http != null && book.note(http, session, request)) {
                use(caller, session, user.get());
            } else {
                new SecurityContextLogoutHandler().logout(request, response, caller);
            }
        }
        chain.doFilter(request, response);
    }

    private void use(Authentication caller, SignedIn session, UserEntity user) {
        var fresh =
                UsernamePasswordAuthenticationToken.authenticated(
                        session, null, standing.of(user.toUser(), caller.getAuthorities()));
        fresh.setDetails(caller.getDetails());
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(fresh);
        SecurityContextHolder.setContext(context);
    }

    /** An error page shows the same user as the page that failed. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String[] path = request.getServletPath().split("/", 3);
        return path.length > 1 && NEEDS_NO_USER.contains(path[1]);
    }
}

package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import org.sealpost.account.events.AccessEvent;
import org.sealpost.account.events.AccessEvent.Door;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.AbstractAuthenticationProcessingFilter;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.session.ChangeSessionIdAuthenticationStrategy;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * The second step of signing in: adds the code's factor to a session whose password was right.
 *
 * <p>Which factors somebody needs depends on the user, so {@link Standing} decides it and not the
 * fixed list of {@code EnableMultiFactorAuthentication}; the factors themselves are Spring's.
 */
class CodeSignIn extends AbstractAuthenticationProcessingFilter {

    private final UserRows users;
    private final CodeCheck codes;
    private final ApplicationEventPublisher events;

    CodeSignIn(
            UserRows users,
            CodeCheck codes,
            ApplicationEventPublisher events,
            RequestCache requestCache) {
        super(PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/login/code"));
        this.users = users;
        this.codes = codes;
        this.events = events;
        setSessionAuthenticationStrategy(new ChangeSessionIdAuthenticationStrategy());
        setSecurityContextRepository(new HttpSessionSecurityContextRepository());
        var onward = new SavedRequestAwareAuthenticationSuccessHandler();
        onward.setRequestCache(requestCache);
        setAuthenticationSuccessHandler(onward);
        setAuthenticationFailureHandler((request, response, e) ->
                response.sendRedirect(
                        request.getContextPath()
                                + switch (e) {
                                    case LockedException locked -> "/login/code?throttled";
                                    case BadCredentialsException wrong -> "/login/code?failed";
                                    default -> "/login";
                                }));
    }

    @Override
    public Authentication attemptAuthentication(
            HttpServletRequest request, HttpServletResponse response)
            throws AuthenticationException {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller == null
                || !(caller.getPrincipal() instanceof SignedIn session)
                || !caller.getAuthorities().contains(Standing.CODE_IS_DUE)) {
            throw new InsufficientAuthenticationException("the password comes first");
        }
        Users.User user =
                users.findByUsername(session.username())
                        .filter(session::isStill)
                        .orElseThrow(() -> new InsufficientAuthenticationException("user removed"))
                        .toUser();
        String code = request.getParameter("code");
        String address = request.getRemoteAddr();
        switch (codes.check(user, code == null ? "" : code)) {
            case RIGHT ->
                    events.publishEvent(
                            new AccessEvent.SignedIn(user.username(), address, Door.PAGE));
            case WRONG -> {
                events.publishEvent(
                        new AccessEvent.SignInFailed(user.username(), address, Door.PAGE, false));
                throw new BadCredentialsException("wrong code");
            }
            case TOO_MANY -> {
                events.publishEvent(
                        new AccessEvent.SignInFailed(user.username(), address, Door.PAGE, true));
                throw new LockedException("too many wrong codes");
            }
        }
        return withCode(caller, session);
    }

    /** The same session with one factor more. */
    static Authentication withCode(Authentication caller, SignedIn session) {
        var factors = new ArrayList<GrantedAuthority>();
        caller.getAuthorities().stream()
                .filter(FactorGrantedAuthority.class::isInstance)
                .forEach(factors::add);
        factors.add(FactorGrantedAuthority.fromAuthority(Standing.CODE_FACTOR));
        var more = UsernamePasswordAuthenticationToken.authenticated(session, null, factors);
        more.setDetails(caller.getDetails());
        return more;
    }
}

package org.sealpost.account;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sealpost.account.events.AccessEvent;
import org.sealpost.account.events.AccessEvent.Door;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.savedrequest.RequestCache;

/**
 * Turns what the identity provider said into a console session, or into none: the groups must map
 * to a role. Until then the session holds no permission of ours.
 */
class OidcSignIn implements AuthenticationSuccessHandler {

    private static final Set<FactorGrantedAuthority> FACTOR =
            Set.of(
                    FactorGrantedAuthority.fromAuthority(
                            FactorGrantedAuthority.AUTHORIZATION_CODE_AUTHORITY));

    private final OidcProperties properties;
    private final OidcAccounts accounts;
    private final Standing standing;
    private final ApplicationEventPublisher events;
    private final SavedRequestAwareAuthenticationSuccessHandler onward =
            new SavedRequestAwareAuthenticationSuccessHandler();
    private final HttpSessionSecurityContextRepository contexts =
            new HttpSessionSecurityContextRepository();

    OidcSignIn(
            OidcProperties properties,
            OidcAccounts accounts,
            Standing standing,
            ApplicationEventPublisher events,
            RequestCache requestCache) {
        this.properties = properties;
        this.accounts = accounts;
        this.standing = standing;
        this.events = events;
        onward.setRequestCache(requestCache);
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication person)
            throws IOException, ServletException {
        Optional<UserEntity> user =
                person.getPrincipal() instanceof OidcUser said ? admit(said) : Optional.empty();
        String address = request.getRemoteAddr();
        if (user.isEmpty()) {
            events.publishEvent(new AccessEvent.SignInFailed(null, address, Door.PAGE, true));
            new SecurityContextLogoutHandler().logout(request, response, person);
            response.sendRedirect(request.getContextPath() + "/login?norole");
            return;
        }
        var caller =
                UsernamePasswordAuthenticationToken.authenticated(
                        SignedIn.of(user.get()), null, standing.of(user.get().toUser(), FACTOR));
        caller.setDetails(new WebAuthenticationDetails(request));
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(caller);
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response);
        events.publishEvent(new AccessEvent.SignedIn(caller.getName(), address, Door.PAGE));
        onward.onAuthenticationSuccess(request, response, caller);
    }

    private Optional<UserEntity> admit(OidcUser said) {
        Set<Role> roles = properties.rolesOf(groups(said));
        String username = said.getName();
        return roles.isEmpty() || !Users.isName(username)
                ? Optional.empty()
                : accounts.admit(said.getIssuer() + "#" + said.getSubject(), username, roles);
    }

    private Collection<?> groups(OidcUser said) {
        return said.getClaims().get(properties.groupsClaim()) instanceof Collection<?> groups
                ? groups
                : List.of();
    }
}

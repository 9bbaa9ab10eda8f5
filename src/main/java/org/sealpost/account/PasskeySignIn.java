package org.sealpost.account;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.sealpost.account.events.AccessEvent;
import org.sealpost.account.events.AccessEvent.Door;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.web.authentication.HttpMessageConverterAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.session.ChangeSessionIdAuthenticationStrategy;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.webauthn.authentication.WebAuthnAuthenticationFilter;
import org.springframework.security.web.webauthn.authentication.WebAuthnAuthenticationRequestToken;
import org.springframework.security.web.webauthn.management.WebAuthnRelyingPartyOperations;

/** Signs people in by passkey; what they may do is read from their row, as with a password. */
class PasskeySignIn extends WebAuthnAuthenticationFilter {

    private static final Logger LOG = LoggerFactory.getLogger(PasskeySignIn.class);

    /** Nobody's name: an unknown passkey has no user. */
    private static final String ANYBODY = "\n passkey";

    private static final Set<FactorGrantedAuthority> FACTOR =
            Set.of(FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.WEBAUTHN_AUTHORITY));

    private final WebAuthnRelyingPartyOperations party;
    private final UserRows users;
    private final Standing standing;
    private final SignInThrottle throttle;
    private final ApplicationEventPublisher events;

    PasskeySignIn(
            WebAuthnRelyingPartyOperations party,
            UserRows users,
            Standing standing,
            SignInThrottle throttle,
            ApplicationEventPublisher events,
            RequestCache requestCache) {
        this.party = party;
        this.users = users;
        this.standing = standing;
        this.throttle = throttle;
        this.events = events;
        setAuthenticationManager(this::check);
        setSessionAuthenticationStrategy(new ChangeSessionIdAuthenticationStrategy());
        setSecurityContextRepository(new HttpSessionSecurityContextRepository());
        var onward = new HttpMessageConverterAuthenticationSuccessHandler();
        onward.setRequestCache(requestCache);
        setAuthenticationSuccessHandler(onward);
        setAuthenticationFailureHandler((request, response, e) ->
                response.setStatus(e instanceof LockedException ? 429 : 401));
    }

    @Override
    public Authentication attemptAuthentication(
            HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        String address = request.getRemoteAddr();
        if (!throttle.mayTry(ANYBODY, address)) {
            events.publishEvent(new AccessEvent.SignInFailed(null, address, Door.PAGE, true));
            throw new LockedException("too many failed sign-ins");
        }
        try {
            Authentication caller = super.attemptAuthentication(request, response);
            ((UsernamePasswordAuthenticationToken) caller)
                    .setDetails(new WebAuthenticationDetails(request));
            events.publishEvent(new AccessEvent.SignedIn(caller.getName(), address, Door.PAGE));
            return caller;
        } catch (BadCredentialsException refused) {
            throttle.failed(ANYBODY, address);
            events.publishEvent(new AccessEvent.SignInFailed(null, address, Door.PAGE, false));
            throw refused;
        }
    }

    private Authentication check(Authentication given) {
        String username;
        try {
            username =
                    party.authenticate(
                                    ((WebAuthnAuthenticationRequestToken) given)
                                            .getWebAuthnRequest())
                            .getName();
        } catch (RuntimeException notProven) {
            LOG.atInfo().setCause(notProven).log("passkey refused");
            throw new BadCredentialsException("the passkey proves nothing", notProven);
        }
        UserEntity user =
                users.findByUsername(username)
                        .filter(row -> !row.isDisabled())
                        .orElseThrow(() -> new BadCredentialsException("no such user"));
        return UsernamePasswordAuthenticationToken.authenticated(
                SignedIn.of(user), null, standing.of(user.toUser(), FACTOR));
    }
}

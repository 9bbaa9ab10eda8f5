package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.sealpost.account.events.AccessEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Tells of signed-in users who asked for more than they may, at the chain or at a module door. */
@Component
class Denials {

    private static final Set<String> DUE =
            Set.of(PasswordSignIn.MUST_CHANGE_PASSWORD, Standing.ENTER_CODE, Standing.ENROL);

    private final ApplicationEventPublisher events;

    Denials(ApplicationEventPublisher events) {
        this.events = events;
    }

    @EventListener
    void tell(AuthorizationDeniedEvent<?> denied) {
        Authentication caller = denied.getAuthentication().get();
        if (caller == null
                || !caller.isAuthenticated()
                || caller instanceof AnonymousAuthenticationToken
                || isOnTheWayIn(caller)) {
            return; // nobody yet, or somebody who is sent to the page for what is due
        }
        events.publishEvent(
                new AccessEvent.Denied(
                        caller.getName(),
                        caller.getDetails() instanceof WebAuthenticationDetails details
                                ? String.valueOf(details.getRemoteAddress())
                                : "unknown",
                        request()));
    }

    private static boolean isOnTheWayIn(Authentication caller) {
        return caller.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .anyMatch(DUE::contains);
    }

    private static String request() {
        if (RequestContextHolder.getRequestAttributes()
                instanceof ServletRequestAttributes attributes) {
            HttpServletRequest request = attributes.getRequest();
            return request.getMethod() + " " + request.getRequestURI();
        }
        return "a call inside Sealpost";
    }
}

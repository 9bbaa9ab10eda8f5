package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import org.sealpost.account.events.AccessEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Tells of signed-in users who asked for more than they may, at the chain or at a module door. */
@Component
class Denials {

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
                || mustChangePassword(caller)) {
            return; // nobody yet, or somebody on the way to the page for a new password
        }
        events.publishEvent(
                new AccessEvent.Denied(
                        caller.getName(),
                        caller.getDetails() instanceof WebAuthenticationDetails details
                                ? String.valueOf(details.getRemoteAddress())
                                : "unknown",
                        request()));
    }

    private static boolean mustChangePassword(Authentication caller) {
        return caller.getAuthorities().stream()
                .anyMatch(one -> PasswordSignIn.MUST_CHANGE_PASSWORD.equals(one.getAuthority()));
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

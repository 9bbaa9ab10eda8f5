package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/**
 * Which scope a part of the API asks for at least: {@code X:read} to read it, {@code X:read} or
 * {@code X:write} to reach the door that decides about a write.
 */
final class ApiScopes implements AuthorizationManager<RequestAuthorizationContext> {

    private static final String ROOT = "/api/v1/";

    /** The rest of the API is for all who are signed in; its doors know more. */
    private static final Map<String, String> WORDS =
            Map.ofEntries(
                    Map.entry("policies", "policies"),
                    Map.entry("postfix", "settings"),
                    Map.entry("routes", "routes"),
                    Map.entry("certificates", "certificates"),
                    Map.entry("listeners", "listeners"),
                    Map.entry("settings", "settings"),
                    Map.entry("queue", "queue"),
                    Map.entry("self-tests", "selftests"),
                    Map.entry("events", "events"),
                    Map.entry("watches", "events"),
                    Map.entry("users", "users"),
                    Map.entry("smtp-users", "users"),
                    Map.entry("audit", "audit"));

    @Override
    public AuthorizationDecision authorize(
            Supplier<? extends @Nullable Authentication> authentication,
            RequestAuthorizationContext context) {
        Set<String> permissions = permissions(authentication.get());
        String word = word(context.getRequest());
        return new AuthorizationDecision(
                word == null
                        ? !permissions.isEmpty()
                        : permissions.contains(word + ":read")
                                || (!reads(context.getRequest())
                                        && permissions.contains(word + ":write")));
    }

    /** Those of somebody signed in who has nothing else to do first. */
    private static Set<String> permissions(@Nullable Authentication caller) {
        return caller == null || !caller.isAuthenticated()
                ? Set.of()
                : caller.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .filter(ApiTokens.SCOPES::contains)
                        .collect(Collectors.toSet());
    }

    private static @Nullable String word(HttpServletRequest request) {
        String path = request.getServletPath();
        return path.startsWith(ROOT)
                ? WORDS.get(path.substring(ROOT.length()).replaceFirst("/.*", ""))
                : null;
    }

    private static boolean reads(HttpServletRequest request) {
        return "GET".equals(request.getMethod()) || "HEAD".equals(request.getMethod());
    }
}

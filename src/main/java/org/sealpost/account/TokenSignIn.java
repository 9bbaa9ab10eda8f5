package org.sealpost.account;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.ApiTokens.ApiToken;
import org.sealpost.account.events.AccessEvent;
import org.sealpost.account.events.AccessEvent.Door;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.Cidr;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedCredentialsNotFoundException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets programs in by {@code Authorization: Bearer TOKEN} (RFC 6750 §2.1). */
class TokenSignIn extends OncePerRequestFilter {

    private static final String SCHEME = "Bearer ";
    private static final Duration USE_IS_NOTED_EVERY = Duration.ofMinutes(1);

    private final TokenRows tokens;
    private final UserRows users;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final AuthenticationEntryPoint refusal;

    TokenSignIn(
            TokenRows tokens,
            UserRows users,
            ApplicationEventPublisher events,
            Clock clock,
            AuthenticationEntryPoint refusal) {
        this.tokens = tokens;
        this.users = users;
        this.events = events;
        this.clock = clock;
        this.refusal = refusal;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Authentication> caller =
                caller(header.substring(SCHEME.length()).strip(), request);
        if (caller.isEmpty()) {
            events.publishEvent(
                    new AccessEvent.SignInFailed(
                            null, request.getRemoteAddr(), Door.PROGRAM, false));
            refusal.commence(
                    request,
                    response,
                    new PreAuthenticatedCredentialsNotFoundException("no such token"));
            return;
        }
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(caller.get());
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }

    private Optional<Authentication> caller(String secret, HttpServletRequest request) {
        Instant now = clock.instant();
        ApiToken token =
                tokens.byDigest(new TokenSecret(secret).digest())
                        .filter(found -> !isOver(found.expiresAt(), now))
                        .filter(found -> isAllowedFrom(found.addresses(), request.getRemoteAddr()))
                        .orElse(null);
        UserEntity owner =
                token == null
                        ? null
                        : users.findByUsername(token.owner())
                                .filter(row -> !row.isDisabled())
                                .orElse(null);
        if (token == null || owner == null) {
            return Optional.empty();
        }
        var principal = new TokenCaller(token.owner(), token.name());
        var caller =
                UsernamePasswordAuthenticationToken.authenticated(
                        principal, null, authorities(owner.toUser(), token.scopes()));
        caller.setDetails(new ProgramDetails(request));
        if (token.lastUsedAt() == null
                || token.lastUsedAt().plus(USE_IS_NOTED_EVERY).isBefore(now)) {
            tokens.used(token.id(), now);
            events.publishEvent(
                    new AccessEvent.SignedIn(
                            principal.getName(), request.getRemoteAddr(), Door.PROGRAM));
        }
        return Optional.of(caller);
    }

    /** What the scopes name and the owner's roles allow now. */
    private static Set<GrantedAuthority> authorities(Users.User owner, List<String> scopes) {
        return PasswordSignIn.authorities(owner).stream()
                .filter(one -> scopes.contains(one.getAuthority()))
                .collect(Collectors.toSet());
    }

    private static boolean isOver(@Nullable Instant end, Instant now) {
        return end != null && !end.isAfter(now);
    }

    private static boolean isAllowedFrom(List<String> networks, String remote) {
        return networks.isEmpty()
                || AddressLiteral.parse(remote)
                        .filter(address ->
                                networks.stream()
                                        .flatMap(text -> Cidr.parse(text).stream())
                                        .anyMatch(network -> network.contains(address)))
                        .isPresent();
    }
}

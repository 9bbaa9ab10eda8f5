package org.sealpost.account;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authorization.AuthorizationEventPublisher;
import org.springframework.security.authorization.SpringAuthorizationEventPublisher;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.security.web.webauthn.authentication.PublicKeyCredentialRequestOptionsFilter;
import org.springframework.security.web.webauthn.registration.PublicKeyCredentialCreationOptionsFilter;

/** Who gets in over HTTP: programs by Basic without a session, people by the login page. */
@Configuration(proxyBeanMethods = false)
@EnableMethodSecurity
class WebSecurity {

    private static final ForeignPages FOREIGN_PAGES = new ForeignPages();
    private static final String CSP =
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
                    + " form-action 'self'; frame-ancestors 'none'";

    private static final RequestCache PAGES = pagesOnly();

    /** Set on a request that was refused because its form is too old or not from here. */
    private static final String STALE_FORM = "sealpost.stale-form";

    @Bean
    static PasswordEncoder passwordEncoder() {
        return Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8();
    }

    /** Without it nobody would learn of denials. */
    @Bean
    static AuthorizationEventPublisher authorizationEvents(ApplicationEventPublisher events) {
        return new SpringAuthorizationEventPublisher(events);
    }

    @Bean
    @Order(1)
    SecurityFilterChain programs(
            HttpSecurity http,
            PasswordSignIn signIn,
            TokenRows tokens,
            UserRows users,
            ApplicationEventPublisher events,
            Clock clock)
            throws Exception {
        return http.securityMatcher("/api/**", "/v3/api-docs/**", "/actuator/**")
                .authenticationProvider(signIn)
                .authorizeHttpRequests(requests ->
                        requests.requestMatchers("/actuator/health")
                                .permitAll()
                                .requestMatchers("/actuator/**")
                                .hasAuthority("metrics:read")
                                .anyRequest()
                                .access(new ApiScopes()))
                .sessionManagement(
                        sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Without a session there is no cookie that a foreign page could ride on.
                .csrf(csrf -> csrf.disable())
                .addFilterBefore(WebSecurity::refuseForeignPages, BasicAuthenticationFilter.class)
                .addFilterBefore(
                        new TokenSignIn(
                                tokens,
                                users,
                                events,
                                clock,
                                (request, response, e) -> refuseToken(response)),
                        BasicAuthenticationFilter.class)
                .requestCache(cache -> cache.disable())
                .httpBasic(basic ->
                        basic.authenticationDetailsSource(ProgramDetails::new)
                                .authenticationEntryPoint(WebSecurity::refuse))
                .exceptionHandling(errors ->
                        errors.accessDeniedHandler((request, response, e) ->
                                problem(
                                        response,
                                        403,
                                        "Forbidden",
                                        "This account may not do that.",
                                        "Sign in with an account that has the role, and"
                                                + " whose password need not be"
                                                + " changed, or with a token that has"
                                                + " the scope.")))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(CSP)))
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain people(
            HttpSecurity http,
            PasswordSignIn signIn,
            UserRows users,
            Standing standing,
            CodeCheck codes,
            SessionBook book,
            PasskeyRows passkeys,
            RelyingParty party,
            SignInThrottle throttle,
            IdentityProvider provider,
            ApplicationEventPublisher events)
            throws Exception {
        provider.addTo(http, PAGES);
        return http.authenticationProvider(signIn)
                .addFilterBefore(new FreshSession(users, standing, book), AuthorizationFilter.class)
                .addFilterAfter(new CodeSignIn(users, codes, events, PAGES), FreshSession.class)
                .addFilterAfter(
                        new PublicKeyCredentialRequestOptionsFilter(party), FreshSession.class)
                .addFilterAfter(
                        new PasskeySignIn(party, users, standing, throttle, events, PAGES),
                        FreshSession.class)
                .addFilterAfter(
                        new PublicKeyCredentialCreationOptionsFilter(party),
                        AuthorizationFilter.class)
                .addFilterAfter(new PasskeyRegistration(passkeys, party), AuthorizationFilter.class)
                .authorizeHttpRequests(requests ->
                        // A stream's end is dispatched when its session is already gone.
                        requests.dispatcherTypeMatchers(DispatcherType.ASYNC)
                                .permitAll()
                                .requestMatchers(
                                        "/login",
                                        "/css/**",
                                        "/js/**",
                                        "/img/**",
                                        "/webjars/**",
                                        "/error")
                                .permitAll()
                                .requestMatchers("/login/code")
                                .hasAuthority(Standing.ENTER_CODE)
                                .requestMatchers("/password")
                                .hasAnyAuthority(
                                        "policies:read", PasswordSignIn.MUST_CHANGE_PASSWORD)
                                .requestMatchers("/profile/second-factor")
                                .hasAnyAuthority("policies:read", Standing.ENROL)
                                .requestMatchers("/theme")
                                .authenticated()
                                .anyRequest()
                                .hasAuthority("policies:read"))
                .requestCache(cache -> cache.requestCache(PAGES))
                .formLogin(login ->
                        login.loginPage("/login")
                                .defaultSuccessUrl("/")
                                .failureHandler((request, response, e) ->
                                        response.sendRedirect(
                                                request.getContextPath()
                                                        + (e instanceof LockedException
                                                                ? "/login?throttled"
                                                                : "/login?failed"))))
                .logout(logout -> logout.logoutSuccessUrl("/login?goodbye"))
                .exceptionHandling(errors ->
                        errors.authenticationEntryPoint(WebSecurity::toLogin)
                                .accessDeniedHandler(WebSecurity::denied))
                .headers(headers ->
                        headers.contentSecurityPolicy(csp -> csp.policyDirectives(CSP))
                                .referrerPolicy(
                                        policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
                .build();
    }

    @Bean
    static SessionRegistryImpl sessionRegistry() {
        return new SessionRegistryImpl();
    }

    /** Tells the registry of sessions that ended or got another id. */
    @Bean
    static HttpSessionEventPublisher sessionEvents() {
        return new HttpSessionEventPublisher();
    }

    /** A browser adds the password it remembers to whatever a foreign page sends. */
    private static void refuseForeignPages(
            ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (FOREIGN_PAGES.matches((HttpServletRequest) request)) {
            problem(
                    (HttpServletResponse) response,
                    403,
                    "Forbidden",
                    "A page of another site made this request.",
                    "Send writes from a program, or from a page of this server.");
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Remembers which page was asked for before signing in, but never a fragment or a stream. */
    @SuppressWarnings("NullAway") // null is how the parameter is switched off
    private static RequestCache pagesOnly() {
        var cache = new HttpSessionRequestCache();
        cache.setMatchingRequestParameterName(null);
        cache.setRequestMatcher(request ->
                request.getMethod().equals("GET")
                        && request.getHeader("HX-Request") == null
                        && String.valueOf(request.getHeader("Accept")).contains("text/html"));
        return cache;
    }

    private static void toLogin(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        String accept = String.valueOf(request.getHeader("Accept"));
        if (request.getHeader("HX-Request") != null || accept.contains("text/event-stream")) {
            // A login page must not land inside a table: htmx loads the whole page again.
            response.setHeader("HX-Refresh", "true");
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        } else {
            response.sendRedirect(request.getContextPath() + "/login");
        }
    }

    private static void denied(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        if (e instanceof CsrfException) {
            boolean signingIn = request.getRequestURI().endsWith("/login");
            if (signingIn) {
                response.sendRedirect(request.getContextPath() + "/login?again");
            } else {
                request.setAttribute(STALE_FORM, true);
                response.sendError(HttpServletResponse.SC_FORBIDDEN);
            }
        } else if (holds(request, Standing.ENTER_CODE)) {
            PAGES.saveRequest(request, response);
            response.sendRedirect(request.getContextPath() + "/login/code");
        } else if (holds(request, Standing.ENROL)) {
            response.sendRedirect(request.getContextPath() + "/profile/second-factor");
        } else if (holds(request, PasswordSignIn.MUST_CHANGE_PASSWORD)) {
            response.sendRedirect(request.getContextPath() + "/password");
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    private static boolean holds(HttpServletRequest request, String authority) {
        return request.getUserPrincipal() instanceof Authentication signedIn
                && signedIn.getAuthorities().stream()
                        .anyMatch(one -> authority.equals(one.getAuthority()));
    }

    private static void refuse(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (e instanceof PasswordSignIn.PasswordNotEnough) {
            problem(
                    response,
                    401,
                    "Unauthorized",
                    "This user signs in with a second factor, which HTTP Basic cannot carry.",
                    "Make an API token on the console's page Tokens and send it as"
                            + " Authorization: Bearer TOKEN.");
            return;
        }
        String accept = request.getHeader("Accept");
        if (accept == null || !accept.contains("text/html")) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Sealpost\", charset=\"UTF-8\"");
        }
        problem(
                response,
                401,
                "Unauthorized",
                "The request has no valid user name and password.",
                "Send HTTP Basic with a console user's name and password.");
    }

    private static void refuseToken(HttpServletResponse response) throws IOException {
        response.setHeader(
                "WWW-Authenticate", "Bearer realm=\"Sealpost\", error=\"invalid_token\"");
        problem(
                response,
                401,
                "Unauthorized",
                "The token is unknown, over, or not for this address.",
                "Make a token on the console's page Tokens, or look there when this one ends.");
    }

    private static void problem(
            HttpServletResponse response, int status, String title, String detail, String remedy)
            throws IOException {
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter()
                .write(
                        """
                        {"type":"/problems/%s","title":"%s","status":%d,"detail":"%s","remedy":"%s","errors":[]}\
                        """
                                .formatted(
                                        title.toLowerCase(Locale.ROOT),
                                        title,
                                        status,
                                        detail,
                                        remedy));
    }
}

package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.stereotype.Component;

/** Sign-in through an identity provider by OpenID Connect, where one is configured. */
@Component
public class IdentityProvider {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityProvider.class);
    private static final String NAME = "sealpost";

    private final OidcProperties properties;
    private final OidcAccounts accounts;
    private final Standing standing;
    private final ApplicationEventPublisher events;

    IdentityProvider(
            OidcProperties properties,
            OidcAccounts accounts,
            Standing standing,
            ApplicationEventPublisher events) {
        this.properties = properties;
        this.accounts = accounts;
        this.standing = standing;
        this.events = events;
    }

    /** Where a browser begins; empty without a provider. */
    public Optional<String> signInPath() {
        return properties.isOn() ? Optional.of("/oauth2/authorization/" + NAME) : Optional.empty();
    }

    void addTo(HttpSecurity http, RequestCache requestCache) {
        if (!properties.isOn()) {
            return;
        }
        http.oauth2Login(login ->
                login.loginPage("/login")
                        // Asked at the first use: a provider that is down must not stop the relay.
                        .clientRegistrationRepository(
                                new SupplierClientRegistrationRepository(
                                        () -> new InMemoryClientRegistrationRepository(register())))
                        .authorizedClientRepository(
                                new HttpSessionOAuth2AuthorizedClientRepository())
                        .successHandler(
                                new OidcSignIn(
                                        properties, accounts, standing, events, requestCache))
                        .failureHandler(IdentityProvider::failed)
                        .withObjectPostProcessor(new PoliteRedirect()));
    }

    /** A provider that cannot be asked leads back to the sign-in page, not to an error of ours. */
    private static final class PoliteRedirect
            implements ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter> {

        @Override
        public <O extends OAuth2AuthorizationRequestRedirectFilter> O postProcess(O filter) {
            filter.setAuthenticationFailureHandler(IdentityProvider::failed);
            return filter;
        }
    }

    private static void failed(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        LOG.atWarn().setCause(e).log("sign-in through the identity provider failed");
        response.sendRedirect(request.getContextPath() + "/login?unreached");
    }

    private ClientRegistration register() {
        return ClientRegistrations.fromIssuerLocation(String.valueOf(properties.issuer()))
                .registrationId(NAME)
                .clientId(String.valueOf(properties.clientId()))
                .clientSecret(String.valueOf(properties.clientSecret()))
                .scope(properties.scopes())
                .userNameAttributeName(properties.usernameClaim())
                .build();
    }
}

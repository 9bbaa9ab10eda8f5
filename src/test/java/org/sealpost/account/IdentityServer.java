package org.sealpost.account;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.logout.LogoutFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;

/** An OpenID provider on a free port; a context of its own without the relay's parts. */
final class IdentityServer implements AutoCloseable {

    private static final Map<String, List<String>> GROUPS = new ConcurrentHashMap<>();

    private final AnnotationConfigServletWebServerApplicationContext context;

    private IdentityServer(AnnotationConfigServletWebServerApplicationContext context) {
        this.context = context;
    }

    static IdentityServer start() {
        var context = new AnnotationConfigServletWebServerApplicationContext();
        context.register(Provider.class);
        context.refresh();
        return new IdentityServer(context);
    }

    /** Under another name than Sealpost's, or the two would share their cookies. */
    String issuer() {
        var server = context.getWebServer();
        return "http://localhost:" + (server == null ? -1 : server.getPort());
    }

    void person(String username, List<String> groups) {
        GROUPS.put(username, groups);
    }

    /** Whoever says a name is that person. */
    private static Authentication believe(Authentication said) {
        return UsernamePasswordAuthenticationToken.authenticated(
                said.getName(),
                null,
                List.of(
                        FactorGrantedAuthority.fromAuthority(
                                FactorGrantedAuthority.PASSWORD_AUTHORITY)));
    }

    @Override
    public void close() {
        context.close();
    }

    /** Not for the relay, whose context looks for configurations in this package. */
    @TestConfiguration(proxyBeanMethods = false)
    @EnableWebSecurity
    static class Provider {

        @Bean
        static TomcatServletWebServerFactory tomcat() {
            var tomcat = new TomcatServletWebServerFactory(0);
            tomcat.setRegisterDefaultServlet(true); // filters are asked for mapped paths only
            return tomcat;
        }

        @Bean
        static SecurityFilterChain provider(HttpSecurity http) {
            return http.oauth2AuthorizationServer(server -> server.oidc(Customizer.withDefaults()))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    // Earlier than usual: the authorization endpoint asks who is there first.
                    .addFilterBefore(
                            new BasicAuthenticationFilter(IdentityServer::believe),
                            LogoutFilter.class)
                    .build();
        }

        @Bean
        static RegisteredClientRepository clients() {
            return new InMemoryRegisteredClientRepository(
                    RegisteredClient.withId("1")
                            .clientId("sealpost")
                            .clientSecret("{noop}shared-with-the-provider")
                            .clientAuthenticationMethod(
                                    ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                            // RFC 8252 §7.3: on a loopback address any port will do.
                            .redirectUri("http://127.0.0.1/login/oauth2/code/sealpost")
                            .scope("openid")
                            .scope("profile")
                            .build());
        }

        @Bean
        static OAuth2TokenCustomizer<JwtEncodingContext> claims() {
            return token -> {
                Authentication person = token.getPrincipal();
                String username = person == null ? "" : person.getName();
                token.getClaims()
                        .claim("preferred_username", username)
                        .claim("groups", GROUPS.getOrDefault(username, List.of()));
            };
        }

        @Bean
        static JWKSource<SecurityContext> keys() throws NoSuchAlgorithmException {
            var maker = KeyPairGenerator.getInstance("RSA");
            maker.initialize(2048);
            var pair = maker.generateKeyPair();
            return new ImmutableJWKSet<>(
                    new JWKSet(
                            new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                                    .privateKey(pair.getPrivate())
                                    .keyID("test")
                                    .build()));
        }

        @Bean
        static JwtDecoder decoder(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        static AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }
    }
}

package org.sealpost.account;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.StartupRefused;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The identity provider that may let people in as well; none unless an issuer is given.
 *
 * @param issuer where {@code /.well-known/openid-configuration} is found
 * @param clientId by which the provider knows Sealpost
 * @param clientSecret the secret that goes with it
 * @param scopes what is asked for, {@code openid} among it
 * @param usernameClaim which claim holds the user name
 * @param groupsClaim which claim lists the groups
 * @param roles what the groups mean: group to role; nobody without one of them gets in
 */
@ConfigurationProperties("sealpost.oidc")
record OidcProperties(
        @Nullable URI issuer,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @DefaultValue({"openid", "profile"}) List<String> scopes,
        @DefaultValue("preferred_username") String usernameClaim,
        @DefaultValue("groups") String groupsClaim,
        @DefaultValue Map<String, String> roles) {

    OidcProperties {
        if (issuer != null) {
            boolean loopback =
                    "localhost".equals(issuer.getHost()) || "127.0.0.1".equals(issuer.getHost());
            if (!"https".equals(issuer.getScheme()) && !loopback) {
                throw new StartupRefused(
                        "sealpost.oidc.issuer is “" + issuer + "”, which is not an https address.",
                        "Write the issuer as the provider names it; clear text is for this machine"
                                + " only.");
            }
            if (clientId == null || clientSecret == null || !scopes.contains("openid")) {
                throw new StartupRefused(
                        "sealpost.oidc lacks client-id, client-secret or the scope openid.",
                        "Register Sealpost with the provider and set what it gave you.");
            }
            if (roles.isEmpty() || !Role.all().containsAll(roles.values())) {
                throw new StartupRefused(
                        "sealpost.oidc.roles maps no group to a role, or to one that does not exist.",
                        "Write sealpost.oidc.roles.GROUP=ROLE, with one of " + Role.all() + ".");
            }
        }
    }

    boolean isOn() {
        return issuer != null;
    }

    /** The roles of somebody in these groups. */
    Set<Role> rolesOf(Collection<?> groups) {
        return groups.stream()
                .map(String::valueOf)
                .flatMap(group -> Role.parse(roles.getOrDefault(group, "")).stream())
                .collect(Collectors.toSet());
    }
}

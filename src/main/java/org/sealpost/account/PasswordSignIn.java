package org.sealpost.account;

import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Checks a console user's name and password for the login page and for HTTP Basic. */
@Component
class PasswordSignIn implements AuthenticationProvider {

    /** What a user may do who has to choose a password first. */
    static final String MUST_CHANGE_PASSWORD = "password:change";

    private final UserRows rows;
    private final PasswordEncoder encoder;
    private final SignInThrottle throttle;
    private final String nobody;

    PasswordSignIn(UserRows rows, PasswordEncoder encoder, SignInThrottle throttle) {
        this.rows = rows;
        this.encoder = encoder;
        this.throttle = throttle;
        this.nobody = String.valueOf(encoder.encode("nobody has this password"));
    }

    @Override
    public Authentication authenticate(Authentication given) {
        String username = given.getName();
        String address =
                given.getDetails() instanceof WebAuthenticationDetails details
                        ? String.valueOf(details.getRemoteAddress())
                        : "unknown";
        if (!throttle.mayTry(username, address)) {
            throw new LockedException("too many failed sign-ins");
        }
        var row = rows.findByUsername(username);
        String password = String.valueOf(given.getCredentials());
        // An unknown name costs the same time as a wrong password.
        boolean right = encoder.matches(password, row.map(UserEntity::passwordHash).orElse(nobody));
        if (row.isEmpty() || !right) {
            throttle.failed(username, address);
            throw new BadCredentialsException("wrong user name or password");
        }
        Users.User user = row.get().toUser();
        Set<String> authorities =
                user.mustChangePassword()
                        ? Set.of(MUST_CHANGE_PASSWORD)
                        : Permissions.of(user.roles());
        var signedIn =
                UsernamePasswordAuthenticationToken.authenticated(
                        username,
                        null,
                        authorities.stream()
                                .map(SimpleGrantedAuthority::new)
                                .map(GrantedAuthority.class::cast)
                                .collect(Collectors.toSet()));
        signedIn.setDetails(given.getDetails());
        return signedIn;
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
}

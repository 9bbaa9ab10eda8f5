package org.sealpost.account;

import java.util.Set;
import java.util.stream.Collectors;
import org.sealpost.account.events.AccessEvent;
import org.sealpost.account.events.AccessEvent.Door;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Checks a console user's name and password for the login page and for HTTP Basic. */
@Component
class PasswordSignIn implements AuthenticationProvider {

    /** What a user may do who has to choose a password first. */
    static final String MUST_CHANGE_PASSWORD = "password:change";

    private static final Set<GrantedAuthority> PASSWORD =
            Set.of(FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY));

    private final UserRows rows;
    private final KnownPasswords passwords;
    private final SignInThrottle throttle;
    private final Standing standing;
    private final ApplicationEventPublisher events;
    private final String nobody;

    PasswordSignIn(
            UserRows rows,
            PasswordEncoder encoder,
            KnownPasswords passwords,
            SignInThrottle throttle,
            Standing standing,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.passwords = passwords;
        this.throttle = throttle;
        this.standing = standing;
        this.events = events;
        this.nobody = String.valueOf(encoder.encode("nobody has this password"));
    }

    @Override
    public Authentication authenticate(Authentication given) {
        String username = given.getName();
        String address =
                given.getDetails() instanceof WebAuthenticationDetails details
                        ? String.valueOf(details.getRemoteAddress())
                        : "unknown";
        Door door = given.getDetails() instanceof ProgramDetails ? Door.PROGRAM : Door.PAGE;
        var row = rows.findByUsername(username);
        String known = row.isPresent() ? username : null;
        if (!throttle.mayTry(username, address)) {
            events.publishEvent(new AccessEvent.SignInFailed(known, address, door, true));
            throw new LockedException("too many failed sign-ins");
        }
        String password = String.valueOf(given.getCredentials());
        // An unknown name costs the same time as a wrong password.
        boolean right =
                passwords.matches(password, row.map(UserEntity::passwordHash).orElse(nobody));
        if (row.isEmpty() || !right || row.get().isDisabled()) {
            throttle.failed(username, address);
            events.publishEvent(new AccessEvent.SignInFailed(known, address, door, false));
            throw new BadCredentialsException("wrong user name or password");
        }
        Users.User user = row.get().toUser();
        if (door == Door.PROGRAM && standing.needsSecondFactor(user)) {
            events.publishEvent(new AccessEvent.SignInFailed(known, address, door, false));
            throw new PasswordNotEnough();
        }
        Set<GrantedAuthority> authorities = standing.of(user, PASSWORD);
        var signedIn =
                UsernamePasswordAuthenticationToken.authenticated(
                        SignedIn.of(row.get()), null, authorities);
        signedIn.setDetails(given.getDetails());
        if (!authorities.contains(Standing.CODE_IS_DUE)) {
            events.publishEvent(new AccessEvent.SignedIn(username, address, door));
        }
        return signedIn;
    }

    /** The password was right, but HTTP Basic cannot carry the second factor that is due. */
    static final class PasswordNotEnough extends AuthenticationException {

        private static final long serialVersionUID = 1;

        PasswordNotEnough() {
            super("a second factor is due");
        }
    }

    /** What a user may do now: only change the password while that is due. */
    static Set<GrantedAuthority> authorities(Users.User user) {
        Set<String> words =
                user.mustChangePassword()
                        ? Set.of(MUST_CHANGE_PASSWORD)
                        : Permissions.of(user.roles());
        return words.stream().map(SimpleGrantedAuthority::new).collect(Collectors.toSet());
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }
}

package org.sealpost.account;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.sealpost.settings.Settings;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.stereotype.Component;

/**
 * What somebody may do now, by what the users table says and by the factors the session has shown.
 * Whoever still owes one holds no permission at all but the one to give it, so every door refuses.
 */
@Component
class Standing {

    /** What a user may do who has given the password, but not yet the code. */
    static final String ENTER_CODE = "second-factor:enter";

    /** What a user may do whose role demands a second factor and who has none. */
    static final String ENROL = "second-factor:enrol";

    static final GrantedAuthority CODE_IS_DUE = new SimpleGrantedAuthority(ENTER_CODE);

    /** An authenticator's code or a recovery code was right. */
    static final String CODE_FACTOR = "FACTOR_CODE";

    /** Those that make a second factor needless: they are two in themselves, or the provider's. */
    private static final Set<String> ENOUGH =
            Set.of(
                    CODE_FACTOR,
                    FactorGrantedAuthority.WEBAUTHN_AUTHORITY,
                    FactorGrantedAuthority.AUTHORIZATION_CODE_AUTHORITY);

    private final SecondFactorRows factors;
    private final PasskeyRows passkeys;
    private final Settings settings;

    Standing(SecondFactorRows factors, PasskeyRows passkeys, Settings settings) {
        this.factors = factors;
        this.passkeys = passkeys;
        this.settings = settings;
    }

    /**
     * The authorities of a session.
     *
     * @param held what the session holds; its factors go on
     */
    Set<GrantedAuthority> of(Users.User user, Collection<? extends GrantedAuthority> held) {
        var authorities = new LinkedHashSet<GrantedAuthority>();
        held.stream().filter(FactorGrantedAuthority.class::isInstance).forEach(authorities::add);
        boolean enough =
                authorities.stream().map(GrantedAuthority::getAuthority).anyMatch(ENOUGH::contains);
        if (!enough && factors.isOn(user.id())) {
            authorities.add(CODE_IS_DUE);
        } else if (!enough && isDemandedOf(user) && passkeys.hasAny(user.id())) {
            // Else a password alone would set up an app and so go around the passkey.
            authorities.add(CODE_IS_DUE);
        } else if (!enough && isDemandedOf(user) && !user.mustChangePassword()) {
            authorities.add(new SimpleGrantedAuthority(ENROL));
        } else {
            authorities.addAll(PasswordSignIn.authorities(user));
        }
        return authorities;
    }

    /** Whether a password alone does not let this user in. */
    boolean needsSecondFactor(Users.User user) {
        return factors.isOn(user.id()) || isDemandedOf(user);
    }

    private boolean isDemandedOf(Users.User user) {
        return settings.get(AccountSettings.SECTION).demandsSecondFactor(user);
    }
}

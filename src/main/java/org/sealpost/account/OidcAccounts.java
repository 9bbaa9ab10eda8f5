package org.sealpost.account;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Keeps a user for each person the identity provider sends, with the roles its groups give. */
@Component
class OidcAccounts {

    private static final String OBJECT = "user";

    private final UserRows users;
    private final PasswordEncoder encoder;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    OidcAccounts(
            UserRows users,
            PasswordEncoder encoder,
            ApplicationEventPublisher events,
            Clock clock) {
        this.users = users;
        this.encoder = encoder;
        this.events = events;
        this.clock = clock;
    }

    /**
     * The user of a person, made or changed as need be.
     *
     * @param subject issuer and subject, which stay when somebody is renamed
     * @return empty when the name belongs to somebody else here, or the user is disabled
     */
    @Transactional
    public Optional<UserEntity> admit(String subject, String username, Set<Role> roles) {
        Optional<UserEntity> known = users.findByOidcSubject(subject);
        if (known.isPresent()) {
            return known.filter(user -> !user.isDisabled()).map(user -> withRoles(user, roles));
        }
        // A name at the provider must not take over an account that has a password here.
        return users.findByUsername(username).isPresent()
                ? Optional.empty()
                : Optional.of(add(subject, username, roles));
    }

    private UserEntity add(String subject, String username, Set<Role> roles) {
        // Nobody knows this password; a hash of the usual kind costs a guesser the usual time.
        String hash = String.valueOf(encoder.encode(OneTimePassword.random()));
        UserEntity user =
                users.saveAndFlush(
                        UserEntity.ofProvider(username, hash, roles, clock.instant(), subject));
        events.publishEvent(
                ConfigurationChanged.created(OBJECT, user.toUser().id(), user.toUser()));
        return user;
    }

    private UserEntity withRoles(UserEntity user, Set<Role> roles) {
        Users.User before = user.toUser();
        if (before.roles().equals(roles)) {
            return user;
        }
        user.changeRoles(roles);
        UserEntity changed = users.saveAndFlush(user);
        events.publishEvent(
                ConfigurationChanged.changed(OBJECT, before.id(), before, changed.toUser()));
        return changed;
    }
}

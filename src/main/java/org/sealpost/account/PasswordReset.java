package org.sealpost.account;

import java.util.Map;
import java.util.Optional;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Lets somebody in again who is locked out, on behalf of whoever owns the machine. */
@Component
class PasswordReset {

    private final UserRows users;
    private final SecondFactorRows factors;
    private final PasskeyRows passkeys;
    private final PasswordEncoder encoder;
    private final ApplicationEventPublisher events;

    PasswordReset(
            UserRows users,
            SecondFactorRows factors,
            PasskeyRows passkeys,
            PasswordEncoder encoder,
            ApplicationEventPublisher events) {
        this.users = users;
        this.factors = factors;
        this.passkeys = passkeys;
        this.encoder = encoder;
        this.events = events;
    }

    /**
     * Gives a user a one-time password, enables it, and removes second factor and passkeys. Open
     * sessions end, since they began with another password. The roles stay as they are.
     *
     * @return the password; empty when there is no such user
     */
    @Transactional
    public Optional<String> reset(String username) {
        return users.findByUsername(username)
                .map(user -> {
                    String password = OneTimePassword.random();
                    Users.User before = user.toUser();
                    user.giveOneTimePassword(String.valueOf(encoder.encode(password)));
                    users.saveAndFlush(user);
                    boolean app = factors.delete(before.id());
                    int keys = passkeys.deleteAll(before.id());
                    events.publishEvent(
                            ConfigurationChanged.changed(
                                    "user",
                                    before.id(),
                                    before,
                                    Map.of(
                                            "password",
                                            "one-time, from the machine",
                                            "user",
                                            user.toUser(),
                                            "secondFactorRemoved",
                                            app,
                                            "passkeysRemoved",
                                            keys)));
                    return password;
                });
    }
}

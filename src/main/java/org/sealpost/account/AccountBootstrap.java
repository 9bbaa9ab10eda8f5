package org.sealpost.account;

import java.util.Optional;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.BootstrapStep;
import org.sealpost.settings.Settings;
import org.sealpost.settings.StartupRefused;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Seeds the accounts' settings and adds the user {@code admin}, with the given password or a random
 * one that is printed once.
 */
@Component
@Order(60)
class AccountBootstrap implements BootstrapStep {

    private final StoredUsers users;
    private final Settings settings;

    AccountBootstrap(StoredUsers users, Settings settings) {
        this.users = users;
        this.settings = settings;
    }

    @Override
    public Optional<String> seed(BootstrapProperties properties) {
        settings.seed(AccountSettings.SECTION, AccountSettings.STANDARD);
        String given = properties.adminPassword();
        if (given == null) {
            String password = OneTimePassword.random();
            users.seedAdministrator(password, true);
            return Optional.of("sign in as admin with the one-time password " + password);
        }
        PasswordRules.problem("admin", given)
                .ifPresent(problem -> {
                    throw new StartupRefused(
                            "sealpost.bootstrap.admin-password cannot be used: " + problem,
                            "Choose one of at least "
                                    + PasswordRules.SHORTEST
                                    + " characters, or leave it out for a random one that is"
                                    + " printed once.");
                });
        users.seedAdministrator(given, false);
        return Optional.empty();
    }
}

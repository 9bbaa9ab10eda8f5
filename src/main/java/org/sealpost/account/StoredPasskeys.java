package org.sealpost.account;

import java.util.List;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.Settings;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Passkeys in the database. */
@Service
@PreAuthorize("hasAuthority('policies:read')")
class StoredPasskeys implements Passkeys {

    static final String OBJECT = "passkey";

    private final PasskeyRows rows;
    private final UserRows users;
    private final SecondFactorRows factors;
    private final Settings settings;
    private final ConsoleAddress address;
    private final ApplicationEventPublisher events;

    StoredPasskeys(
            PasskeyRows rows,
            UserRows users,
            SecondFactorRows factors,
            Settings settings,
            ConsoleAddress address,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.users = users;
        this.factors = factors;
        this.settings = settings;
        this.address = address;
        this.events = events;
    }

    @Override
    @Transactional(readOnly = true)
    public List<Passkey> own() {
        return rows.of(person().id());
    }

    @Override
    @PreAuthorize("permitAll()")
    public String address() {
        return address.get().toString();
    }

    @Override
    @Transactional
    public void rename(long id, String label) {
        String name = checked(label);
        Passkey before = find(person(), id);
        rows.rename(id, name);
        events.publishEvent(ConfigurationChanged.changed(OBJECT, id, before, find(person(), id)));
    }

    @Override
    @Transactional
    public void remove(long id) {
        Users.User person = person();
        Passkey before = find(person, id);
        boolean last = rows.of(person.id()).size() == 1 && !factors.isOn(person.id());
        if (last && settings.get(AccountSettings.SECTION).demandsSecondFactor(person)) {
            throw new Conflict(
                    "One of your roles demands a second factor, and this passkey is the last one.",
                    "Set up an authenticator app or another passkey first.");
        }
        rows.delete(id);
        events.publishEvent(ConfigurationChanged.removed(OBJECT, id, before));
    }

    /**
     * A label that may be stored.
     *
     * @throws InvalidInput when it is none
     */
    static String checked(String label) {
        String name = label.strip();
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._()-]{0,99}")) {
            throw new InvalidInput(
                    "label",
                    "“" + name + "” is not a name for a passkey.",
                    "Use up to 100 letters, digits, spaces, dots, hyphens, underscores or brackets,"
                            + " e.g. Laptop.");
        }
        return name;
    }

    private Passkey find(Users.User person, long id) {
        return rows.find(person.id(), id).orElseThrow(() -> new NotFound("passkey", id));
    }

    private Users.User person() {
        String name = Caller.person().getName();
        return users.findByUsername(name).orElseThrow(() -> new NotFound("user", name)).toUser();
    }
}

package org.sealpost.account;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.sealpost.certificate.SecretBox;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Second factors in the database, their keys sealed under the master key. */
@Service
class StoredSecondFactors implements SecondFactors {

    private static final String OBJECT = "user";
    private static final String FACTOR = "secondFactor";
    private static final String APP = "authenticator app";
    private static final String NONE = "none";

    /** Everybody who is wholly signed in, and who is only let in to get a second factor. */
    private static final String MAY_ENROL =
            "hasAnyAuthority('policies:read', 'second-factor:enrol')";

    private static final String MAY_CHANGE = "hasAuthority('policies:read')";

    private final SecondFactorRows rows;
    private final PasskeyRows passkeys;
    private final UserRows users;
    private final CodeCheck codes;
    private final SecretBox box;
    private final Settings settings;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    StoredSecondFactors(
            SecondFactorRows rows,
            PasskeyRows passkeys,
            UserRows users,
            CodeCheck codes,
            SecretBox box,
            Settings settings,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.passkeys = passkeys;
        this.users = users;
        this.codes = codes;
        this.box = box;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(readOnly = true)
    @PreAuthorize(MAY_ENROL)
    public Own own() {
        Users.User user = person();
        return new Own(
                rows.find(user.id()).map(SecondFactorRows.Stored::since).orElse(null),
                rows.codesLeft(user.id()),
                settings.get(AccountSettings.SECTION).demandsSecondFactor(user));
    }

    @Override
    @PreAuthorize(MAY_ENROL)
    public Proposal propose() {
        var totp = Totp.random();
        String issuer = "Sealpost " + settings.get(GeneralSettings.SECTION).hostname();
        return new Proposal(totp.typed(), totp.address(issuer, person().username()));
    }

    @Override
    @Transactional
    @PreAuthorize(MAY_ENROL)
    public List<String> enrol(String key, String code) {
        Users.User user = person();
        if (rows.isOn(user.id())) {
            throw new Conflict(
                    "You have a second factor already.", "Remove it before you set up another.");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Totp totp = Totp.parse(key);
        long step =
                totp.step(code.replaceAll("\\s", ""), now)
                        .orElseThrow(StoredSecondFactors::wrongCode);
        rows.insert(user.id(), box.seal(CodeCheck.purpose(user.id()), totp.key()), now, step);
        List<String> fresh = freshCodes(user.id());
        tell(user.id(), Map.of(FACTOR, NONE), Map.of(FACTOR, APP));
        return fresh;
    }

    @Override
    @Transactional
    @PreAuthorize(MAY_CHANGE)
    public List<String> renewCodes(String code) {
        Users.User user = person();
        require(user, code);
        int before = rows.codesLeft(user.id());
        List<String> fresh = freshCodes(user.id());
        tell(
                user.id(),
                Map.of("recoveryCodes", before),
                Map.of("recoveryCodes", fresh.size(), "renewed", true));
        return fresh;
    }

    @Override
    @Transactional
    @PreAuthorize(MAY_CHANGE)
    public void remove(String code) {
        Users.User user = person();
        if (settings.get(AccountSettings.SECTION).demandsSecondFactor(user)) {
            throw new Conflict(
                    "One of your roles demands a second factor.",
                    "Ask an administrator to reset it; you then set up another at sign-in.");
        }
        require(user, code);
        removed(user.id());
    }

    @Override
    @Transactional(readOnly = true)
    @PreAuthorize("hasAuthority('users:read')")
    public Set<Long> owners() {
        var owners = new HashSet<>(rows.owners());
        owners.addAll(passkeys.owners());
        return owners;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('users:write')")
    public void reset(long userId) {
        if (!users.existsById(userId)) {
            throw new NotFound("user", userId);
        }
        int keys = passkeys.deleteAll(userId);
        boolean app = rows.delete(userId);
        if (keys == 0 && !app) {
            throw nothingToRemove();
        }
        tell(
                userId,
                Map.of(FACTOR, app ? APP : NONE, "passkeys", keys),
                Map.of(FACTOR, NONE, "passkeys", 0));
    }

    private void removed(long userId) {
        if (!rows.delete(userId)) {
            throw nothingToRemove();
        }
        tell(userId, Map.of(FACTOR, APP), Map.of(FACTOR, NONE));
    }

    private static Conflict nothingToRemove() {
        return new Conflict("There is no second factor to remove.", "Load the page again.");
    }

    private List<String> freshCodes(long userId) {
        List<RecoveryCode> fresh =
                Stream.generate(RecoveryCode::random).limit(RecoveryCode.COUNT).toList();
        rows.replaceCodes(userId, fresh);
        return fresh.stream().map(RecoveryCode::shown).toList();
    }

    private void require(Users.User user, String code) {
        switch (codes.check(user, code)) {
            case RIGHT -> {}
            case WRONG -> throw wrongCode();
            case TOO_MANY ->
                    throw new InvalidInput(
                            "code",
                            "There were too many wrong codes for this account.",
                            "Wait ten minutes, then try again.");
        }
    }

    private static InvalidInput wrongCode() {
        return new InvalidInput(
                "code",
                "The code is wrong, or was used already.",
                "Type the six digits that the app shows now; check that the clocks of the"
                        + " telephone and of this server are right.");
    }

    private void tell(long userId, Map<String, ?> before, Map<String, ?> after) {
        events.publishEvent(ConfigurationChanged.changed(OBJECT, userId, before, after));
    }

    private Users.User person() {
        String name = Caller.person().getName();
        return users.findByUsername(name).orElseThrow(() -> new NotFound("user", name)).toUser();
    }
}

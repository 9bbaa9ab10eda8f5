package org.sealpost.account;

import java.time.Clock;
import java.util.Map;
import java.util.OptionalLong;
import org.sealpost.certificate.SecretBox;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Checks a code of somebody's authenticator, or a recovery code, and uses it up.
 *
 * <p>Six digits are soon tried through, so failures count for the account alone, wherever they come
 * from. Only who has the password gets so far.
 */
@Component
class CodeCheck {

    private final SecondFactorRows rows;
    private final SecretBox box;
    private final SignInThrottle throttle;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    CodeCheck(
            SecondFactorRows rows,
            SecretBox box,
            SignInThrottle throttle,
            ApplicationEventPublisher events,
            Clock clock) {
        this.rows = rows;
        this.box = box;
        this.throttle = throttle;
        this.events = events;
        this.clock = clock;
    }

    /** What came of it. */
    enum Outcome {
        RIGHT,
        WRONG,
        TOO_MANY
    }

    /** What is sealed, so that one user's key cannot be moved to another. */
    static String purpose(long userId) {
        return "second factor of user " + userId;
    }

    @Transactional
    public Outcome check(Users.User user, String typed) {
        if (!throttle.mayTryCode(user.username())) {
            return Outcome.TOO_MANY;
        }
        String code = typed.replaceAll("\\s", "");
        boolean right = code.matches("[0-9]{6}") ? isOfApp(user, code) : isRecovery(user, code);
        if (!right) {
            throttle.codeFailed(user.username());
        }
        return right ? Outcome.RIGHT : Outcome.WRONG;
    }

    private boolean isOfApp(Users.User user, String code) {
        return rows.find(user.id())
                .map(stored ->
                        new Totp(box.open(purpose(user.id()), stored.sealedSecret()))
                                .step(code, clock.instant()))
                .filter(OptionalLong::isPresent)
                // RFC 6238 §5.2: a code opens once.
                .map(step -> rows.use(user.id(), step.getAsLong()))
                .orElse(false);
    }

    private boolean isRecovery(Users.User user, String code) {
        int before = rows.codesLeft(user.id());
        boolean right = rows.use(user.id(), RecoveryCode.typed(code), clock.instant());
        if (right) {
            events.publishEvent(
                    ConfigurationChanged.changed(
                            "user",
                            user.id(),
                            Map.of("recoveryCodes", before),
                            Map.of("recoveryCodes", before - 1)));
        }
        return right;
    }
}

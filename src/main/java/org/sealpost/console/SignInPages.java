package org.sealpost.console;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.IdentityProvider;
import org.sealpost.account.Passkeys;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** The page where people sign in. */
@Controller
class SignInPages {

    /** What the page says about the last attempt. */
    private enum Notice {
        FAILED("danger", "The user name or the password is wrong. Check both and try again."),
        THROTTLED(
                "danger",
                "There were too many failed attempts for this account from your address. Wait ten"
                        + " minutes, then try again."),
        NOROLE(
                "danger",
                "Your organisation knows you, but none of your groups has a role here, or the name"
                        + " is taken or disabled. Ask an administrator."),
        UNREACHED(
                "danger",
                "Your organisation’s sign-in did not succeed. Try again, or ask an administrator to"
                        + " look into the log."),
        AGAIN("warning", "The page was open for too long. Please sign in again."),
        GOODBYE("success", "You are signed out.");

        private final String kind;
        private final String text;

        Notice(String kind, String text) {
            this.kind = kind;
            this.text = text;
        }
    }

    private final Passkeys passkeys;
    private final IdentityProvider provider;

    SignInPages(Passkeys passkeys, IdentityProvider provider) {
        this.passkeys = passkeys;
        this.provider = provider;
    }

    /** Where the identity provider's sign-in begins; null where there is none. */
    @ModelAttribute("providerPath")
    @Nullable String providerPath() {
        return provider.signInPath().orElse(null);
    }

    /** Where passkeys work, for the sentence behind a refusal. */
    @ModelAttribute("passkeyAddress")
    String passkeyAddress() {
        return passkeys.address();
    }

    @GetMapping("/login")
    String show(@RequestParam Map<String, String> asked, Model model) {
        Notice notice =
                Arrays.stream(Notice.values())
                        .filter(one -> asked.containsKey(one.name().toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElse(null);
        if (notice != null) {
            model.addAttribute("noticeKind", notice.kind).addAttribute("notice", notice.text);
        }
        return "account/login";
    }

    /** The second step, for whoever has an authenticator app. */
    @GetMapping("/login/code")
    String code(
            @RequestParam(required = false) @Nullable String failed,
            @RequestParam(required = false) @Nullable String throttled,
            Model model) {
        if (failed != null || throttled != null) {
            model.addAttribute(
                    "notice",
                    failed != null
                            ? "The code is wrong, or was used already. Type the one that is shown"
                                    + " now."
                            : "There were too many wrong codes for this account. Wait ten minutes,"
                                    + " then try again.");
        }
        return "account/login-code";
    }
}

package org.sealpost.console;

import org.jspecify.annotations.Nullable;
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

    SignInPages(Passkeys passkeys) {
        this.passkeys = passkeys;
    }

    /** Where passkeys work, for the sentence behind a refusal. */
    @ModelAttribute("passkeyAddress")
    String passkeyAddress() {
        return passkeys.address();
    }

    @GetMapping("/login")
    String show(
            @RequestParam(required = false) @Nullable String failed,
            @RequestParam(required = false) @Nullable String throttled,
            @RequestParam(required = false) @Nullable String again,
            @RequestParam(required = false) @Nullable String goodbye,
            Model model) {
        Notice notice =
                failed != null
                        ? Notice.FAILED
                        : throttled != null
                                ? Notice.THROTTLED
                                : again != null
                                        ? Notice.AGAIN
                                        : goodbye != null ? Notice.GOODBYE : null;
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

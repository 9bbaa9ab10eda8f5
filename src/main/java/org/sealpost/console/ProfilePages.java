package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import org.sealpost.account.OpenSessions;
import org.sealpost.account.Passkeys;
import org.sealpost.account.SecondFactors;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What belongs to whoever is signed in: how they sign in, and where they are signed in. */
@Controller
class ProfilePages {

    private final SecondFactors factors;
    private final Passkeys passkeys;
    private final OpenSessions sessions;
    private final Clock clock;

    ProfilePages(SecondFactors factors, Passkeys passkeys, OpenSessions sessions, Clock clock) {
        this.factors = factors;
        this.passkeys = passkeys;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** A passkey in the list. */
    public record PasskeyRow(long id, String label, When created, When used) {}

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/profile")
    String show(Model model) {
        Instant now = clock.instant();
        SecondFactors.Own own = factors.own();
        model.addAttribute("factor", own)
                .addAttribute("factorSince", When.ofNullable(own.since(), now))
                .addAttribute("passkeyAddress", passkeys.address())
                .addAttribute(
                        "passkeys",
                        passkeys.own().stream()
                                .map(passkey ->
                                        new PasskeyRow(
                                                passkey.id(),
                                                passkey.label(),
                                                When.of(passkey.createdAt(), now),
                                                When.of(passkey.lastUsedAt(), now)))
                                .toList())
                .addAttribute(
                        "sessions",
                        sessions.own().stream()
                                .map(session ->
                                        SessionRow.of(session, sessions.isCurrent(session), now))
                                .toList());
        return "account/profile";
    }

    @PostMapping("/profile/passkeys/{id}")
    String rename(
            @PathVariable long id,
            @RequestParam String label,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        try {
            passkeys.rename(id, label);
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
            return show(model);
        }
        flash.addFlashAttribute("flash", "The passkey has its new name.");
        return "redirect:/profile";
    }

    @PostMapping("/profile/passkeys/{id}/remove")
    String remove(
            @PathVariable long id,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        try {
            passkeys.remove(id);
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(conflict, ""));
            return show(model);
        }
        flash.addFlashAttribute("flash", "The passkey is removed and refused now.");
        return "redirect:/profile";
    }
}

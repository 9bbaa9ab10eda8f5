package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.function.Supplier;
import org.sealpost.account.CurrentSession;
import org.sealpost.account.SecondFactors;
import org.sealpost.account.SecondFactors.Proposal;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Where people set up an authenticator app, get new recovery codes, or remove the app again. */
@Controller
class SecondFactorPages {

    /** The proposed key stays on this side until its code proved it. */
    private static final String PROPOSAL = "sealpost.second-factor-key";

    private static final String CODES = "recoveryCodes";

    private final SecondFactors factors;
    private final CurrentSession session;

    SecondFactorPages(SecondFactors factors, CurrentSession session) {
        this.factors = factors;
        this.session = session;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/profile/second-factor")
    String form(HttpSession http, Model model) {
        if (factors.own().isOn()) {
            return "redirect:/profile";
        }
        return show(http, model);
    }

    @PostMapping("/profile/second-factor")
    String enrol(
            @RequestParam String code,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes flash) {
        HttpSession http = request.getSession();
        if (!(http.getAttribute(PROPOSAL) instanceof Proposal proposal)) {
            return "redirect:/profile/second-factor"; // the session is a new one: a new key
        }
        try {
            flash.addFlashAttribute(CODES, factors.enrol(proposal.typed(), code));
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
            return show(http, model);
        }
        http.removeAttribute(PROPOSAL);
        session.secondFactorEnrolled(request, response);
        return "redirect:/profile/recovery-codes";
    }

    /** Shows the codes once: on a second look there is nothing to show. */
    @GetMapping("/profile/recovery-codes")
    String codes(Model model) {
        return model.containsAttribute(CODES) ? "account/recovery-codes" : "redirect:/profile";
    }

    @GetMapping("/profile/recovery-codes/renew")
    String askForRenewal(Model model) {
        return change(model, true);
    }

    @PostMapping("/profile/recovery-codes/renew")
    String renew(
            @RequestParam String code,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        return changed(
                model,
                response,
                true,
                () -> {
                    List<String> fresh = factors.renewCodes(code);
                    flash.addFlashAttribute(CODES, fresh);
                    return "redirect:/profile/recovery-codes";
                });
    }

    @GetMapping("/profile/second-factor/remove")
    String askForRemoval(Model model) {
        return change(model, false);
    }

    @PostMapping("/profile/second-factor/remove")
    String remove(
            @RequestParam String code,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        return changed(
                model,
                response,
                false,
                () -> {
                    factors.remove(code);
                    flash.addFlashAttribute(
                            "flash",
                            "Your second factor is removed: the password alone lets you in.");
                    return "redirect:/profile";
                });
    }

    private static String changed(
            Model model, HttpServletResponse response, boolean renews, Supplier<String> change) {
        try {
            return change.get();
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(conflict, ""));
        }
        return change(model, renews);
    }

    private static String change(Model model, boolean renews) {
        model.addAttribute("renews", renews);
        return "account/second-factor-change";
    }

    private String show(HttpSession http, Model model) {
        // A mistyped code does not make somebody scan another picture.
        Proposal proposal =
                http.getAttribute(PROPOSAL) instanceof Proposal known ? known : factors.propose();
        http.setAttribute(PROPOSAL, proposal);
        model.addAttribute("own", factors.own())
                .addAttribute("key", proposal.typed().replaceAll("(.{4})(?!$)", "$1 "))
                .addAttribute("qr", QrPicture.of(proposal.address()));
        return "account/second-factor";
    }
}

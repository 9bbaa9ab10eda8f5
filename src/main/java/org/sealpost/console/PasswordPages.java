package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.sealpost.account.CurrentSession;
import org.sealpost.account.Users;
import org.sealpost.mail.InvalidInput;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page where people change their own password, by choice or because they must. */
@Controller
class PasswordPages {

    private final Users users;
    private final CurrentSession session;

    PasswordPages(Users users, CurrentSession session) {
        this.users = users;
        this.session = session;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/password")
    String form() {
        return "account/password";
    }

    @PostMapping("/password")
    String change(
            @RequestParam String present,
            @RequestParam String wanted,
            @RequestParam String again,
            Model model,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes flash) {
        try {
            if (!wanted.equals(again)) {
                throw new InvalidInput(
                        "again", "The two new passwords differ.", "Type the same one twice.");
            }
            users.changeOwnPassword(present, wanted);
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
            return "account/password";
        }
        session.passwordChanged(request, response);
        flash.addFlashAttribute("flash", "Your password is changed.");
        return "redirect:/";
    }
}

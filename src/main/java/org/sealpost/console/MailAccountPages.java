package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.SmtpUsers;
import org.sealpost.account.SmtpUsers.SmtpUser;
import org.sealpost.account.SmtpUsers.SmtpUserDraft;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * The accounts programs submit mail with; the door lets administrators in only. The name of an
 * account is a parameter, because it may hold what a path cannot.
 */
@Controller
class MailAccountPages {

    private final SmtpUsers accounts;

    MailAccountPages(SmtpUsers accounts) {
        this.accounts = accounts;
    }

    /** An account as the form edits it; senders one per line. */
    public record AccountForm(
            @Nullable String username,
            @Nullable String password,
            @Nullable String senders,
            @Nullable Long version) {

        SmtpUserDraft toDraft() {
            var lines = new ArrayList<@Nullable String>();
            if (senders != null) {
                senders.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .forEach(lines::add);
            }
            return new SmtpUserDraft(
                    username, password == null || password.isEmpty() ? null : password, lines);
        }

        /** Without the password, so that no log can show it. */
        @Override
        public String toString() {
            return "AccountForm[" + username + ", " + senders + "]";
        }
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/users/mail")
    String list(Model model) {
        model.addAttribute("accounts", accounts.list());
        return "account/mail-accounts";
    }

    @GetMapping("/users/mail/edit")
    String edit(@RequestParam(required = false) @Nullable String username, Model model) {
        accounts.list(); // asks for the permission before a form is shown
        if (username == null) {
            return show(model, false, new AccountForm("", "", "", null));
        }
        SmtpUser account = find(username);
        return show(
                model,
                true,
                new AccountForm(
                        account.username(),
                        "",
                        String.join("\n", account.senders()),
                        account.version()));
    }

    @PostMapping("/users/mail")
    String save(
            AccountForm form, Model model, HttpServletResponse response, RedirectAttributes flash) {
        boolean exists = form.version() != null;
        FormProblems problems;
        try {
            SmtpUser saved =
                    exists
                            ? accounts.update(
                                    String.valueOf(form.username()), form.toDraft(), form.version())
                            : accounts.create(form.toDraft());
            flash.addFlashAttribute(
                    "flash",
                    "The mail account "
                            + saved.username()
                            + (exists ? " is changed." : " may submit mail."));
            return "redirect:/users/mail";
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            problems = FormProblems.of(invalid);
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            problems = FormProblems.of(conflict, "username");
        } catch (StaleVersion stale) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            problems = FormProblems.of(stale);
        }
        model.addAttribute("problems", problems);
        return show(model, exists, form);
    }

    @GetMapping("/users/mail/delete")
    String confirm(@RequestParam String username, Model model) {
        model.addAttribute("account", find(username));
        return "account/mail-account-delete";
    }

    @PostMapping("/users/mail/delete")
    String delete(
            @RequestParam String username, @RequestParam long version, RedirectAttributes flash) {
        accounts.delete(username, version);
        flash.addFlashAttribute("flash", "The mail account " + username + " is removed.");
        return "redirect:/users/mail";
    }

    private static String show(Model model, boolean exists, AccountForm form) {
        model.addAttribute("exists", exists).addAttribute("form", form);
        return "account/mail-account";
    }

    private SmtpUser find(String username) {
        return accounts.find(username).orElseThrow(() -> new NotFound("mail account", username));
    }
}

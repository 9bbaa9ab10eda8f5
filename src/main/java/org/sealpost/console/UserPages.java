package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.Role;
import org.sealpost.account.SecondFactors;
import org.sealpost.account.Users;
import org.sealpost.account.Users.NewUser;
import org.sealpost.account.Users.User;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who may use the console and the API, and what they may do there. */
@Controller
@PreAuthorize("hasAuthority('users:read')")
class UserPages {

    private static final String MAY_WRITE = "hasAuthority('users:write')";

    private final Users users;
    private final SecondFactors factors;
    private final Clock clock;

    UserPages(Users users, SecondFactors factors, Clock clock) {
        this.users = users;
        this.factors = factors;
        this.clock = clock;
    }

    /** A role with what it allows, in one line. */
    public record RoleChoice(String word, String meaning) {

        static final List<RoleChoice> ALL =
                Arrays.stream(Role.values())
                        .map(role -> new RoleChoice(role.word(), meaning(role)))
                        .toList();

        private static String meaning(Role role) {
            return switch (role) {
                case VIEWER -> "Looks at everything but users and audit.";
                case OPERATOR -> "Also acts on the queue and runs self-tests.";
                case POLICY_EDITOR -> "Also changes TLS policies and routes.";
                case CERTIFICATE_MANAGER -> "Also changes certificates.";
                case ADMINISTRATOR -> "Does everything.";
                case AUDITOR -> "Also reads users and the audit.";
            };
        }
    }

    /** A user in the list. */
    public record UserRow(
            long id,
            String username,
            List<String> roles,
            boolean mustChange,
            boolean secondFactor,
            boolean disabled,
            When created) {}

    /** A user as the form edits it. */
    public record UserForm(
            @Nullable String username, @Nullable String password, @Nullable List<String> roles) {

        public boolean has(String role) {
            return roles != null && roles.contains(role);
        }

        /** Without the password, so that no log can show it. */
        @Override
        public String toString() {
            return "UserForm[" + username + ", " + roles + "]";
        }
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/users")
    String list(Model model) {
        var now = clock.instant();
        Set<Long> withFactor = factors.owners();
        model.addAttribute(
                "users",
                users.list().stream()
                        .map(user ->
                                new UserRow(
                                        user.id(),
                                        user.username(),
                                        words(user),
                                        user.mustChangePassword(),
                                        withFactor.contains(user.id()),
                                        user.disabled(),
                                        When.of(user.createdAt(), now)))
                        .toList());
        return "account/users";
    }

    @GetMapping("/users/new")
    @PreAuthorize(MAY_WRITE)
    String add(Model model) {
        return show(model, null, new UserForm("", "", List.of(Role.VIEWER.word())));
    }

    @PostMapping("/users")
    @PreAuthorize(MAY_WRITE)
    String create(
            UserForm form, Model model, HttpServletResponse response, RedirectAttributes flash) {
        return save(
                null,
                form,
                model,
                response,
                () -> {
                    User created =
                            users.create(
                                    new NewUser(form.username(), form.password(), form.roles()));
                    flash.addFlashAttribute("flash", created.username() + " may sign in.");
                });
    }

    @GetMapping("/users/{id}")
    @PreAuthorize(MAY_WRITE)
    String edit(@PathVariable long id, Model model) {
        User user = find(id);
        return show(model, id, new UserForm(user.username(), "", words(user)));
    }

    @PostMapping("/users/{id}")
    @PreAuthorize(MAY_WRITE)
    String changeRoles(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable List<String> roles,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        List<String> wanted = roles == null ? List.of() : roles;
        return save(
                id,
                new UserForm(find(id).username(), "", wanted),
                model,
                response,
                () -> {
                    User changed = users.changeRoles(id, wanted);
                    flash.addFlashAttribute(
                            "flash",
                            "The roles of "
                                    + changed.username()
                                    + " are changed; they count from the next click.");
                });
    }

    @GetMapping("/users/{id}/delete")
    @PreAuthorize(MAY_WRITE)
    String confirm(@PathVariable long id, Model model) {
        model.addAttribute("user", find(id));
        return "account/user-delete";
    }

    @PostMapping("/users/{id}/delete")
    @PreAuthorize(MAY_WRITE)
    String delete(@PathVariable long id, RedirectAttributes flash) {
        String username = find(id).username();
        users.delete(id);
        flash.addFlashAttribute("flash", username + " is removed and signed out everywhere.");
        return "redirect:/users";
    }

    @GetMapping("/users/{id}/second-factor")
    @PreAuthorize(MAY_WRITE)
    String confirmReset(@PathVariable long id, Model model) {
        model.addAttribute("user", find(id));
        return "account/second-factor-reset";
    }

    @PostMapping("/users/{id}/second-factor")
    @PreAuthorize(MAY_WRITE)
    String resetSecondFactor(@PathVariable long id, RedirectAttributes flash) {
        String username = find(id).username();
        factors.reset(id);
        flash.addFlashAttribute(
                "flash",
                "The second factor of "
                        + username
                        + " is removed, with recovery codes and passkeys.");
        return "redirect:/users";
    }

    @GetMapping("/users/{id}/disable")
    @PreAuthorize(MAY_WRITE)
    String confirmDisable(@PathVariable long id, Model model) {
        model.addAttribute("user", find(id));
        return "account/user-disable";
    }

    @PostMapping("/users/{id}/disable")
    @PreAuthorize(MAY_WRITE)
    String disable(@PathVariable long id, @RequestParam boolean out, RedirectAttributes flash) {
        User changed = users.disable(id, out);
        flash.addFlashAttribute(
                "flash",
                changed.username()
                        + (out
                                ? " is kept out, with tokens and open sessions."
                                : " may sign in again."));
        return "redirect:/users";
    }

    private String save(
            @Nullable Long id,
            UserForm form,
            Model model,
            HttpServletResponse response,
            Runnable change) {
        FormProblems problems;
        try {
            change.run();
            return "redirect:/users";
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            problems = FormProblems.of(invalid);
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            problems = FormProblems.of(conflict, id == null ? "username" : "roles");
        }
        model.addAttribute("problems", problems);
        return show(model, id, form);
    }

    private static String show(Model model, @Nullable Long id, UserForm form) {
        model.addAttribute("id", id)
                .addAttribute("form", form)
                .addAttribute("choices", RoleChoice.ALL);
        return "account/user";
    }

    private static List<String> words(User user) {
        return user.roles().stream().sorted().map(Role::word).toList();
    }

    private User find(long id) {
        return users.find(id).orElseThrow(() -> new NotFound("user", id));
    }
}

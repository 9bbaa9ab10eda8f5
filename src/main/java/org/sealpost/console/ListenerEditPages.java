package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.Versioned;
import org.sealpost.smtp.ListenerSettings;
import org.sealpost.smtp.StoredListeners;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Everything of a listener but its certificates, in one plain form. */
@Controller
@PreAuthorize("hasAuthority('listeners:write')")
class ListenerEditPages {

    private final StoredListeners listeners;

    ListenerEditPages(StoredListeners listeners) {
        this.listeners = listeners;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/listeners/{name}/edit")
    String edit(@PathVariable String name, Model model) {
        Versioned<ListenerSettings> now = listeners.get(name);
        return show(name, ListenerForm.of(now.value(), now.version()), model);
    }

    @PostMapping("/listeners/{name}/edit")
    String update(
            @PathVariable String name,
            ListenerForm form,
            PolicyEditPages.Consent consent,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        try {
            Versioned<ListenerSettings> now = listeners.get(name);
            requireSame(name, form.version(), now.version());
            ListenerSettings wanted = form.toSettings(now.value());
            List<String> weaker = listeners.weakenings(name, wanted);
            if (!weaker.isEmpty() && !consent.why().suffices()) {
                return ask(name, weaker, form, consent, model, response);
            }
            listeners.update(name, wanted, form.version(), consent.why().text());
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", problems(invalid));
            return show(name, form, model);
        } catch (StaleVersion stale) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(stale));
            return show(name, form, model);
        }
        flash.addFlashAttribute(
                "flash", "The listener " + name + " is so from the next connection on.");
        return "redirect:/listeners/" + name;
    }

    private static String ask(
            String name,
            List<String> weaker,
            ListenerForm form,
            PolicyEditPages.Consent consent,
            Model model,
            HttpServletResponse response) {
        if (consent.wasAsked()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", consent.why().problems());
        }
        model.addAttribute("name", name)
                .addAttribute("reasons", weaker)
                .addAttribute("fields", form.fields())
                .addAttribute("reason", consent.reason());
        return "listener/weaker";
    }

    private static String show(String name, ListenerForm form, Model model) {
        model.addAttribute("name", name).addAttribute("form", form);
        return "listener/edit";
    }

    private static void requireSame(String name, @Nullable Long based, long now) {
        if (based != null && based != now) {
            throw new StaleVersion("listener", name);
        }
    }

    /** The form has no nested fields. */
    private static FormProblems problems(InvalidInput invalid) {
        return new FormProblems(
                invalid.problems().stream()
                        .map(problem ->
                                new Problem(
                                        problem.field().replaceFirst("^limits\\.", ""),
                                        problem.message(),
                                        problem.remedy()))
                        .toList(),
                false);
    }
}

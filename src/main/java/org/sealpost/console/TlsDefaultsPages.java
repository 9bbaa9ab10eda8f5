package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.PolicyOutlook;
import org.sealpost.policy.StrengthChange;
import org.sealpost.policy.TlsDefaults;
import org.sealpost.policy.TlsSettings;
import org.sealpost.settings.Versioned;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What holds where no policy matches, and what rules leave open. */
@Controller
class TlsDefaultsPages {

    private static final String FORM = "settings/tls";

    private final TlsDefaults defaults;
    private final PolicyOutlook outlook;
    private final ClientCertificates certificates;

    TlsDefaultsPages(TlsDefaults defaults, PolicyOutlook outlook, ClientCertificates certificates) {
        this.defaults = defaults;
        this.outlook = outlook;
        this.certificates = certificates;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    /** Fingerprint cannot be a default: it needs pins. */
    @ModelAttribute("levels")
    List<LevelChoice> levels() {
        return LevelChoice.ALL.stream().filter(one -> !one.word().equals("fingerprint")).toList();
    }

    @GetMapping("/settings")
    String settings() {
        return "redirect:/settings/tls";
    }

    @GetMapping("/settings/tls")
    String edit(Model model) {
        Versioned<TlsSettings> now = defaults.get();
        return show(model, TlsDefaultsForm.of(now.value(), now.version()));
    }

    @PostMapping("/settings/tls")
    @PreAuthorize("hasAuthority('settings:write')")
    String update(
            TlsDefaultsForm form,
            PolicyEditPages.Consent consent,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        try {
            requireSame(form.version());
            TlsSettings wanted = form.toSettings();
            List<Problem> wrong = TlsSettings.SECTION.check().apply(wanted);
            if (!wrong.isEmpty()) {
                throw new InvalidInput(wrong);
            }
            StrengthChange change = defaults.compare(wanted);
            if (change.isWeaker() && !consent.why().suffices()) {
                return ask(change, form, consent, model, response);
            }
            defaults.update(wanted, form.version(), consent.why().text());
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", problems(invalid));
            return show(model, form);
        } catch (StaleVersion stale) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(stale));
            return show(model, form);
        }
        flash.addFlashAttribute("flash", "The new defaults act on the next connection.");
        return "redirect:/settings/tls";
    }

    private String ask(
            StrengthChange change,
            TlsDefaultsForm form,
            PolicyEditPages.Consent consent,
            Model model,
            HttpServletResponse response) {
        if (consent.wasAsked()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", consent.why().problems());
        }
        model.addAttribute("reasons", change.reasons())
                .addAttribute("before", defaults.get().value().level().word())
                .addAttribute("after", form.level())
                .addAttribute("fields", form.fields())
                .addAttribute("reason", consent.reason());
        return "settings/tls-weaker";
    }

    private String show(Model model, TlsDefaultsForm form) {
        model.addAttribute("form", form)
                .addAttribute("identities", certificates.choices(form.clientCertificateId()))
                .addAttribute("effective", EffectivePolicy.of(outlook.ofDefaults()));
        return FORM;
    }

    private void requireSame(@Nullable Long version) {
        if (version != null && version != defaults.get().version()) {
            throw new StaleVersion("settings document", "tls");
        }
    }

    /** The form has no nested fields. */
    private static FormProblems problems(InvalidInput invalid) {
        return new FormProblems(
                invalid.problems().stream()
                        .map(problem ->
                                new Problem(
                                        problem.field()
                                                .replace("clearTextFallback.mode", "fallbackMode")
                                                .replace(
                                                        "clearTextFallback.after", "fallbackAfter"),
                                        problem.message(),
                                        problem.remedy()))
                        .toList(),
                false);
    }
}

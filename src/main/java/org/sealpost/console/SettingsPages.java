package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.Settings;
import org.sealpost.settings.SettingsSection;
import org.sealpost.settings.Versioned;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings that need no more than a form each; the defaults of TLS have a page of their own.
 */
@Controller
class SettingsPages {

    private static final String FORM = "settings/section";

    private final Settings settings;
    private final JsonMapper json;

    SettingsPages(Settings settings, JsonMapper json) {
        this.settings = settings;
        this.json = json;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/settings/{section}")
    @PreAuthorize("hasAuthority('settings:read')")
    String edit(@PathVariable String section, Model model) {
        SectionForm form = form(section);
        Versioned<?> now = settings.getVersioned(form.section());
        SectionValues values = SectionValues.of(form, json.<JsonNode>valueToTree(now.value()));
        return show(form, values, now.version(), null, model);
    }

    @PostMapping("/settings/{section}")
    @PreAuthorize("hasAuthority('settings:write')")
    String update(
            @PathVariable String section,
            @RequestParam MultiValueMap<String, String> sent,
            @RequestParam long version,
            @RequestParam(required = false) @Nullable String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        SectionForm form = form(section);
        SectionValues values = SectionValues.of(form, sent);
        var why = new Reason(reason);
        try {
            if (why.text() != null && !why.suffices()) {
                throw new InvalidInput(why.problems().all());
            }
            store(form.section(), values, form, version, why);
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
            return show(form, values, version, why.text(), model);
        } catch (StaleVersion stale) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(stale));
            return show(form, values, version, why.text(), model);
        }
        flash.addFlashAttribute("flash", "The new settings are in force.");
        return "redirect:/settings/" + form.name();
    }

    private <T> void store(
            SettingsSection<T> section,
            SectionValues values,
            SectionForm form,
            long version,
            Reason why) {
        T value = json.treeToValue(values.document(form, json), section.type());
        settings.update(section, value, version, why.text());
    }

    private static String show(
            SectionForm form,
            SectionValues values,
            long version,
            @Nullable String reason,
            Model model) {
        model.addAttribute("form", form)
                .addAttribute("values", values)
                .addAttribute("version", version)
                .addAttribute("reason", reason);
        return FORM;
    }

    private static SectionForm form(String name) {
        return SectionForm.ALL.stream()
                .filter(form -> form.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFound("settings section", name));
    }
}

package org.sealpost.console;

import io.github.wimdeblauwe.htmx.spring.boot.mvc.HxRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.policy.TlsSettings;
import org.sealpost.settings.Settings;
import org.sealpost.tls.TlsLevel;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/** The TLS policies: list, add, edit, remove. */
@Controller
class PolicyPages {

    private static final String MAY_WRITE = "hasAuthority('policies:write')";
    private static final String LIST = "policy/list";
    private static final String EDIT = "policy/edit";

    private final TlsPolicies policies;
    private final Settings settings;

    PolicyPages(TlsPolicies policies, Settings settings) {
        this.policies = policies;
        this.settings = settings;
    }

    /** What the list shows. */
    record Filter(@Nullable String q, @Nullable String level) {

        @Nullable TlsLevel tlsLevel() {
            return level == null ? null : TlsLevel.parse(level).orElse(null);
        }

        UriComponentsBuilder address() {
            var address = UriComponentsBuilder.fromPath("/policies");
            if (q != null && !q.isBlank()) {
                address.queryParam("q", q);
            }
            TlsLevel known = tlsLevel();
            if (known != null) {
                address.queryParam("level", known.word());
            }
            return address;
        }

        boolean any() {
            return (q != null && !q.isBlank()) || tlsLevel() != null;
        }
    }

    @ModelAttribute("levels")
    List<LevelChoice> levels() {
        return LevelChoice.ALL;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/policies")
    String list(
            Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        fill(model, filter, after);
        return LIST;
    }

    @HxRequest
    @GetMapping("/policies")
    String rows(
            Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        fill(model, filter, after);
        return LIST + " :: rows";
    }

    private void fill(Model model, Filter filter, @Nullable String after) {
        TlsLevel level = filter.tlsLevel();
        List<TlsPolicy> found = policies.page(filter.q(), level, after, Listing.SIZE + 1);
        TlsSettings defaults = settings.get(TlsSettings.SECTION);
        model.addAttribute("filter", filter)
                .addAttribute("filtered", filter.any())
                .addAttribute(
                        "page",
                        Listing.of(
                                        found,
                                        policies.count(filter.q(), level),
                                        filter.address(),
                                        after,
                                        TlsPolicy::nextHop)
                                .map(PolicyRow::of))
                .addAttribute("defaultLevel", defaults.level().word())
                .addAttribute("defaultProtocols", defaults.mandatoryProtocols());
    }

    @GetMapping("/policies/new")
    @PreAuthorize(MAY_WRITE)
    String add(Model model) {
        return show(model, null, PolicyForm.EMPTY);
    }

    @PostMapping("/policies")
    String create(
            PolicyForm form, Model model, HttpServletResponse response, RedirectAttributes flash) {
        return save(
                null,
                form,
                model,
                response,
                () -> {
                    TlsPolicy created = policies.create(form.toDraft(PolicyAttributes.NONE));
                    flash.addFlashAttribute(
                            "flash", "The rule for " + created.nextHop() + " is in force.");
                });
    }

    @GetMapping("/policies/{id}")
    String edit(@PathVariable long id, Model model) {
        return show(model, id, PolicyForm.of(find(id)));
    }

    @PostMapping("/policies/{id}")
    String update(
            @PathVariable long id,
            PolicyForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        return save(
                id,
                form,
                model,
                response,
                () -> {
                    TlsPolicy updated =
                            policies.update(
                                    id, form.toDraft(find(id).attributes()), form.version());
                    flash.addFlashAttribute(
                            "flash",
                            "The change of " + updated.nextHop() + " acts on the next connection.");
                });
    }

    @GetMapping("/policies/{id}/delete")
    @PreAuthorize(MAY_WRITE)
    String confirm(@PathVariable long id, Model model) {
        model.addAttribute("policy", PolicyRow.of(find(id)));
        return "policy/delete";
    }

    @PostMapping("/policies/{id}/delete")
    String delete(@PathVariable long id, @RequestParam long version, RedirectAttributes flash) {
        String nextHop = find(id).nextHop();
        policies.delete(id, version);
        flash.addFlashAttribute("flash", "The rule for " + nextHop + " is removed.");
        return "redirect:/policies";
    }

    @HxRequest
    @GetMapping("/policies/preview")
    String preview(@RequestParam String nextHop, Model model) {
        model.addAttribute("preview", KeyPreview.of(nextHop));
        return EDIT + " :: preview";
    }

    private String save(
            @Nullable Long id,
            PolicyForm form,
            Model model,
            HttpServletResponse response,
            Runnable change) {
        FormProblems problems;
        try {
            change.run();
            return "redirect:/policies";
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            problems = FormProblems.of(invalid);
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            problems = FormProblems.of(conflict, "nextHop");
        } catch (StaleVersion stale) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            problems = FormProblems.of(stale);
        }
        model.addAttribute("problems", problems);
        if (problems.stale() && id != null) {
            model.addAttribute("theirs", PolicyRow.of(find(id)));
        }
        return show(model, id, form);
    }

    private String show(Model model, @Nullable Long id, PolicyForm form) {
        model.addAttribute("id", id)
                .addAttribute("form", form)
                .addAttribute("preview", KeyPreview.of(form.nextHop()));
        return EDIT;
    }

    private TlsPolicy find(long id) {
        return policies.find(id).orElseThrow(() -> new NotFound("TLS policy", id));
    }
}

package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyBatch;
import org.sealpost.policy.PolicyBatch.Action;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** One TLS policy: add, edit, remove. What gets weaker is shown first and needs a reason. */
@Controller
class PolicyEditPages {

    static final String MAY_WRITE = "hasAuthority('policies:write')";

    private static final String EDIT = "policy/edit";

    private final TlsPolicies policies;
    private final RuleReviews reviews;
    private final ClientCertificates certificates;

    PolicyEditPages(TlsPolicies policies, RuleReviews reviews, ClientCertificates certificates) {
        this.policies = policies;
        this.reviews = reviews;
        this.certificates = certificates;
    }

    /**
     * What was sent beside the form.
     *
     * @param reason why the rule gets weaker
     * @param confirmed whether the change was shown before
     */
    record Consent(@Nullable String reason, @Nullable Boolean confirmed) {

        boolean wasAsked() {
            return Boolean.TRUE.equals(confirmed);
        }

        Reason why() {
            return new Reason(reason);
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

    @GetMapping("/policies/new")
    @PreAuthorize(MAY_WRITE)
    String add(
            @RequestParam(required = false) @Nullable String nextHop,
            @RequestParam(required = false) @Nullable String level,
            @RequestParam(required = false) @Nullable String match,
            @RequestParam(required = false) @Nullable String tafile,
            Model model) {
        return show(model, null, PolicyForm.begun(nextHop, level, match, tafile));
    }

    @PostMapping("/policies")
    @PreAuthorize(MAY_WRITE)
    String create(
            PolicyForm form,
            Consent consent,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        return save(
                null,
                form,
                consent,
                model,
                response,
                draft -> {
                    List<TlsPolicy> created =
                            policies.apply(
                                    new PolicyBatch(
                                                    Action.EDIT,
                                                    List.of(draft),
                                                    List.of(),
                                                    List.of())
                                            .because(consent.why().text()));
                    flash.addFlashAttribute(
                            "flash",
                            "The rule for " + created.getFirst().nextHop() + " is in force.");
                });
    }

    @GetMapping("/policies/{id}")
    String edit(@PathVariable long id, Model model) {
        TlsPolicy rule = find(id);
        return show(model, rule, PolicyForm.of(rule), reviews.review(rule));
    }

    @PostMapping("/policies/{id}")
    @PreAuthorize(MAY_WRITE)
    String update(
            @PathVariable long id,
            PolicyForm form,
            Consent consent,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        return save(
                find(id),
                form,
                consent,
                model,
                response,
                draft -> {
                    TlsPolicy updated =
                            policies.update(id, draft, form.version(), consent.why().text());
                    flash.addFlashAttribute(
                            "flash",
                            "The change of " + updated.nextHop() + " acts on the next connection.");
                });
    }

    /** What the form would make; nothing is stored. htmx gets the fragment, a button the page. */
    @PostMapping("/policies/preview")
    @PreAuthorize(MAY_WRITE)
    String preview(
            PolicyForm form,
            @RequestParam(required = false) @Nullable Long id,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String htmx,
            Model model) {
        TlsPolicy stored = id == null ? null : find(id);
        if (htmx == null) {
            return show(model, stored, form);
        }
        model.addAttribute("review", reviews.review(draft(form, stored), stored));
        return EDIT + " :: review";
    }

    @GetMapping("/policies/{id}/delete")
    @PreAuthorize(MAY_WRITE)
    String confirmDelete(@PathVariable long id, Model model) {
        return askToDelete(find(id), "", model);
    }

    @PostMapping("/policies/{id}/delete")
    @PreAuthorize(MAY_WRITE)
    String delete(
            @PathVariable long id,
            @RequestParam long version,
            Consent consent,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        TlsPolicy rule = find(id);
        String reason = consent.reason() == null ? "" : consent.reason();
        try {
            requireSame(rule, version);
            if (reviews.change(rule, null).isWeaker() && !consent.why().suffices()) {
                response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
                model.addAttribute("problems", consent.why().problems());
                return askToDelete(rule, reason, model);
            }
            policies.delete(id, version, consent.why().text());
        } catch (StaleVersion stale) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(stale));
            return askToDelete(find(id), reason, model);
        }
        flash.addFlashAttribute("flash", "The rule for " + rule.nextHop() + " is removed.");
        return "redirect:/policies";
    }

    private String askToDelete(TlsPolicy rule, String reason, Model model) {
        model.addAttribute("policy", PolicyRow.of(rule))
                .addAttribute("reason", reason)
                .addAttribute("change", reviews.change(rule, null));
        return "policy/delete";
    }

    /** Stores a draft that was looked at. */
    private interface Storing {
        void store(PolicyDraft draft);
    }

    private String save(
            @Nullable TlsPolicy stored,
            PolicyForm form,
            Consent consent,
            Model model,
            HttpServletResponse response,
            Storing storing) {
        FormProblems problems;
        try {
            requireSame(stored, form.version());
            PolicyDraft draft = draft(form, stored);
            RuleChange change = reviews.change(stored, draft);
            if (change.isWeaker() && !consent.why().suffices()) {
                return ask(change, stored, form, consent, model, response);
            }
            storing.store(draft);
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
        model.addAttribute("problems", problems).addAttribute("reason", consent.reason());
        TlsPolicy now = stored == null ? null : find(stored.id());
        if (problems.stale()) {
            model.addAttribute("theirs", PolicyRow.of(Objects.requireNonNull(now)));
        }
        return show(model, now, form);
    }

    private String ask(
            RuleChange change,
            @Nullable TlsPolicy stored,
            PolicyForm form,
            Consent consent,
            Model model,
            HttpServletResponse response) {
        if (consent.wasAsked()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", consent.why().problems());
        }
        model.addAttribute("id", stored == null ? null : stored.id())
                .addAttribute("change", change)
                .addAttribute("fields", form.fields())
                .addAttribute("reason", consent.reason());
        return "policy/confirm";
    }

    private String show(Model model, @Nullable TlsPolicy stored, PolicyForm form) {
        return show(model, stored, form, reviews.review(draft(form, stored), stored));
    }

    private String show(
            Model model, @Nullable TlsPolicy stored, PolicyForm form, RuleReview review) {
        model.addAttribute("id", stored == null ? null : stored.id())
                .addAttribute("form", form)
                .addAttribute(
                        "kept", stored == null ? List.of() : PolicyForm.kept(stored.attributes()))
                .addAttribute("identities", certificates.choices(form.clientCertificateId()))
                .addAttribute("review", review);
        return EDIT;
    }

    private static PolicyDraft draft(PolicyForm form, @Nullable TlsPolicy stored) {
        return form.toDraft(stored == null ? PolicyAttributes.NONE : stored.attributes());
    }

    private static void requireSame(@Nullable TlsPolicy stored, @Nullable Long version) {
        if (stored != null && version != null && stored.version() != version) {
            throw new StaleVersion("TLS policy", stored.id());
        }
    }

    private TlsPolicy find(long id) {
        return policies.find(id).orElseThrow(() -> new NotFound("TLS policy", id));
    }
}

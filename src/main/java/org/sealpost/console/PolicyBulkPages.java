package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Changes of several rules: shown first, then made together or not at all. */
@Controller
class PolicyBulkPages {

    private static final String PLAN = "policy/bulk";
    private static final int MOST = 1_000;

    private final TlsPolicies policies;
    private final RuleReviews reviews;

    PolicyBulkPages(TlsPolicies policies, RuleReviews reviews) {
        this.policies = policies;
        this.reviews = reviews;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    /**
     * What was chosen in the list.
     *
     * @param id rules by id
     * @param action a {@link BulkAction}
     * @param level for the action level
     * @param back the list's address
     */
    record Choice(
            @Nullable List<Long> id,
            @Nullable String action,
            @Nullable String level,
            @Nullable String back) {

        List<Long> ids() {
            return id == null ? List.of() : id;
        }

        BulkAction what() {
            return BulkAction.parse(action == null ? "" : action);
        }

        /** Only the list itself, whatever was sent. */
        String list() {
            return back != null && back.matches("/policies(\\?[A-Za-z0-9_=&.%+-]*)?")
                    ? back
                    : "/policies";
        }
    }

    @PostMapping("/policies/bulk")
    @PreAuthorize(PolicyEditPages.MAY_WRITE)
    String plan(Choice choice, Model model, RedirectAttributes flash) {
        if (choice.ids().isEmpty()) {
            flash.addFlashAttribute("flash", "Nothing was selected. Tick the rules first.");
            return "redirect:" + choice.list();
        }
        return show(choice, rules(choice.ids()), new Reason(null), model);
    }

    /** The selected rules as a file; reading is all it takes. */
    @PostMapping(value = "/policies/bulk", params = "action=export")
    ResponseEntity<byte[]> export(Choice choice) {
        List<TlsPolicy> rules = rules(choice.ids());
        return PolicyPages.download(reviews.writer().table(rules));
    }

    /**
     * Makes the change that was shown.
     *
     * @param version of each rule in the order of the ids
     */
    @PostMapping("/policies/bulk/apply")
    @PreAuthorize(PolicyEditPages.MAY_WRITE)
    String apply(
            Choice choice,
            @RequestParam List<Long> version,
            @RequestParam(required = false) @Nullable String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        List<Long> ids = choice.ids();
        if (ids.isEmpty() || ids.size() != version.size()) {
            throw new InvalidInput(
                    "id", "The form is not complete.", "Go back to the list and select again.");
        }
        var why = new Reason(reason);
        List<TlsPolicy> rules = rules(ids);
        BulkPlan plan = BulkPlan.of(choice.what(), choice.level(), rules, reviews);
        try {
            requireSame(rules, ids, version);
            if (plan.isWeaker() && !why.suffices()) {
                model.addAttribute("problems", why.problems());
                response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
                return show(choice, rules, why, model);
            }
            policies.apply(plan.batch(choice.what(), rules, why.text()));
        } catch (InvalidInput invalid) {
            model.addAttribute("problems", FormProblems.of(invalid));
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return show(choice, rules(ids), why, model);
        } catch (StaleVersion stale) {
            model.addAttribute("problems", FormProblems.of(stale));
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            return show(choice, rules(ids), why, model);
        }
        flash.addFlashAttribute("flash", "Done: " + plan.title() + ".");
        return "redirect:" + choice.list();
    }

    private String show(Choice choice, List<TlsPolicy> rules, Reason why, Model model) {
        model.addAttribute("plan", BulkPlan.of(choice.what(), choice.level(), rules, reviews))
                .addAttribute("reason", why.text())
                .addAttribute("back", choice.list());
        return PLAN;
    }

    private List<TlsPolicy> rules(List<Long> ids) {
        if (ids.size() > MOST) {
            throw new InvalidInput(
                    "id",
                    "More than 1,000 rules were selected.",
                    "Select fewer, or change them by an import.");
        }
        return ids.stream().distinct().map(policies::find).flatMap(Optional::stream).toList();
    }

    /** Every rule has to be there as it was shown. */
    private static void requireSame(List<TlsPolicy> rules, List<Long> ids, List<Long> versions) {
        Map<Long, Long> shown = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            shown.put(ids.get(i), versions.get(i));
        }
        for (TlsPolicy rule : rules) {
            if (!Long.valueOf(rule.version()).equals(shown.remove(rule.id()))) {
                throw new StaleVersion("TLS policy", rule.nextHop());
            }
        }
        if (!shown.isEmpty()) {
            throw new StaleVersion("TLS policy", shown.keySet().iterator().next());
        }
    }
}

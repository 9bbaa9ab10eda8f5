package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.console.ImportPlans.Planned;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.postfix.FileText;
import org.sealpost.policy.postfix.TlsPolicyImport.Mode;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Takes over a {@code tls_policy}: a plan first, then exactly that plan. */
@Controller
@PreAuthorize(PolicyEditPages.MAY_WRITE)
class PolicyImportPages {

    /** A form field may have 2 MB in all, and the text comes back with the plan. */
    static final int LONGEST_TEXT = 1_500_000;

    private static final String FORM = "policy/import";
    private static final String PLAN = "policy/import-plan";

    private final TlsPolicies policies;
    private final ImportPlans plans;

    PolicyImportPages(TlsPolicies policies, ImportPlans plans) {
        this.policies = policies;
        this.plans = plans;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/policies/import")
    String form(Model model) {
        return form("", "merge", model);
    }

    @PostMapping("/policies/import")
    String plan(
            @RequestParam(required = false) @Nullable String text,
            @RequestParam(required = false) @Nullable MultipartFile file,
            @RequestParam(defaultValue = "merge") String mode,
            Model model,
            HttpServletResponse response)
            throws IOException {
        String content =
                file == null || file.isEmpty()
                        ? (text == null ? "" : text)
                        : FileText.of(file.getBytes());
        String lines = content.replace("\r\n", "\n");
        FormProblems problems = problems(lines);
        if (problems.any()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", problems);
            return form(lines.length() > LONGEST_TEXT ? "" : lines, mode, model);
        }
        Planned planned = plans.plan(lines, mode(mode));
        if (!planned.plan().report().errors().isEmpty()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        }
        return show(planned, new Reason(null), model);
    }

    /**
     * Carries out the plan that was shown.
     *
     * @param stamp the plan's; with any other the plan is shown again
     */
    @PostMapping("/policies/import/apply")
    String apply(
            @RequestParam String text,
            @RequestParam String mode,
            @RequestParam String stamp,
            @RequestParam(required = false) @Nullable String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        var why = new Reason(reason);
        String lines = text.replace("\r\n", "\n");
        Planned planned = plans.plan(lines, mode(mode));
        ImportPlan plan = planned.plan();
        if (!plan.isPossible() || !plan.stamp().equals(stamp)) {
            return again(planned, why, model, response);
        }
        if (plan.weaker() > 0 && !why.suffices()) {
            model.addAttribute("problems", why.problems());
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            return show(planned, why, model);
        }
        try {
            policies.apply(planned.batch().because(why.text()));
        } catch (StaleVersion | Conflict raced) {
            return again(plans.plan(lines, mode(mode)), why, model, response);
        }
        flash.addFlashAttribute(
                "flash",
                "Imported: %d added, %d changed, %d removed."
                        .formatted(
                                plan.report().added(),
                                plan.report().changed(),
                                plan.report().removed()));
        return "redirect:/policies";
    }

    private static String again(
            Planned planned, Reason why, Model model, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_CONFLICT);
        model.addAttribute(
                "problems",
                new FormProblems(
                        List.of(
                                new Problem(
                                        "",
                                        "The table has changed since the plan was made, so nothing"
                                                + " was imported.",
                                        "Look at the new plan below and apply it.")),
                        true));
        return show(planned, why, model);
    }

    private static String form(String text, String mode, Model model) {
        model.addAttribute("text", text).addAttribute("mode", mode);
        return FORM;
    }

    private static String show(Planned planned, Reason why, Model model) {
        model.addAttribute("plan", planned.plan()).addAttribute("reason", why.text());
        return PLAN;
    }

    private static FormProblems problems(String text) {
        if (text.isBlank()) {
            return problem(
                    "There is nothing to import.", "Paste a tls_policy, or choose the file.");
        }
        return text.getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT
                ? problem(
                        "The file is longer than 1.5 MB.",
                        "Import it through POST /api/v1/policies/import, which takes 64 MB.")
                : FormProblems.NONE;
    }

    private static FormProblems problem(String message, String remedy) {
        return new FormProblems(List.of(new Problem("text", message, remedy)), false);
    }

    private static Mode mode(String word) {
        return switch (word) {
            case "merge" -> Mode.MERGE;
            case "replace" -> Mode.REPLACE;
            default ->
                    throw new InvalidInput(
                            "mode",
                            "“" + word + "” is not a way to import.",
                            "Choose merge or replace.");
        };
    }
}

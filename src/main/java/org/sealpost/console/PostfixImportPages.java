package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Routes;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.migration.MigrationReport;
import org.sealpost.migration.PostfixFiles;
import org.sealpost.migration.PostfixMigration;
import org.sealpost.policy.TlsDefaults;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.postfix.FileText;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Takes over a whole Postfix configuration: a plan first, then that plan. */
@Controller
@PreAuthorize("hasAuthority('settings:write')")
class PostfixImportPages {

    private static final String FORM = "policy/import-postfix";
    private static final String PLAN = "policy/import-postfix-plan";
    private static final String NAME = "fileName";
    private static final String TEXT = "fileText";

    private final PostfixMigration migration;
    private final TlsPolicies policies;
    private final TlsDefaults defaults;
    private final Routes routes;

    PostfixImportPages(
            PostfixMigration migration, TlsPolicies policies, TlsDefaults defaults, Routes routes) {
        this.migration = migration;
        this.policies = policies;
        this.defaults = defaults;
        this.routes = routes;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/policies/import/postfix")
    String form() {
        return FORM;
    }

    @PostMapping("/policies/import/postfix")
    String plan(
            @RequestParam(name = "file", required = false) @Nullable List<MultipartFile> files,
            @RequestParam(required = false) @Nullable String mainCf,
            @RequestParam(required = false) @Nullable String tlsPolicy,
            Model model,
            HttpServletResponse response)
            throws IOException {
        Map<String, String> texts = texts(files == null ? List.of() : files);
        put(texts, "main.cf", mainCf);
        put(texts, "tls_policy", tlsPolicy);
        Problem problem = problem(texts);
        if (problem != null) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", new FormProblems(List.of(problem), false));
            return FORM;
        }
        return show(texts, migration.plan(files(texts)), new Reason(null), model);
    }

    /**
     * Carries out the plan that was shown.
     *
     * @param stamp the plan's; with any other the plan is shown again
     */
    @PostMapping("/policies/import/postfix/apply")
    String apply(
            HttpServletRequest request,
            @RequestParam String stamp,
            @RequestParam(defaultValue = "false") boolean skipRefused,
            @RequestParam(required = false) @Nullable String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        var why = new Reason(reason);
        Map<String, String> texts = sentAgain(request);
        MigrationReport plan = migration.plan(files(texts));
        if (!stamp(plan).equals(stamp)) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute(
                    "problems",
                    new FormProblems(
                            List.of(
                                    new Problem(
                                            "",
                                            "Something was changed here since the plan was made, so"
                                                    + " nothing was taken over.",
                                            "Look at the new plan below and apply it.")),
                            true));
            return show(texts, plan, why, model);
        }
        if (!plan.weaker().isEmpty() && !why.suffices()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", why.problems());
            return show(texts, plan, why, model);
        }
        MigrationReport done = migration.apply(files(texts), skipRefused, why.text());
        if (!done.applied()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute(
                    "problems",
                    new FormProblems(
                            List.of(
                                    new Problem(
                                            "skipRefused",
                                            "Some of it is refused, so nothing was taken over.",
                                            "Correct it in the files, or tick the box to leave it"
                                                    + " out.")),
                            false));
            return show(texts, done, why, model);
        }
        flash.addFlashAttribute(
                "flash",
                "The Postfix configuration is taken over and acts on the next connection.");
        return "redirect:/policies";
    }

    private String show(
            Map<String, String> texts, MigrationReport report, Reason why, Model model) {
        model.addAttribute("report", report)
                .addAttribute("texts", texts)
                .addAttribute("reason", why.text())
                .addAttribute("stamp", stamp(report));
        return PLAN;
    }

    /** Differs when the plan does, or what it was compared with. */
    private String stamp(MigrationReport report) {
        return ImportPlan.stamp(report + "\n" + policies.all() + routes.list() + defaults.get());
    }

    private static Map<String, String> texts(List<MultipartFile> files) throws IOException {
        var texts = new LinkedHashMap<String, String>();
        for (MultipartFile file : files) {
            String path = file.getOriginalFilename();
            if (path != null && !path.isEmpty()) {
                put(texts, PostfixFiles.baseName(path), FileText.of(file.getBytes()));
            }
        }
        return texts;
    }

    /** Parameters by hand, since a comma in a text must not divide it. */
    private static Map<String, String> sentAgain(HttpServletRequest request) {
        String[] names = request.getParameterValues(NAME);
        String[] contents = request.getParameterValues(TEXT);
        var texts = new LinkedHashMap<String, String>();
        if (names != null && contents != null && names.length == contents.length) {
            for (int i = 0; i < names.length; i++) {
                put(texts, names[i], contents[i]);
            }
        }
        return texts;
    }

    private static void put(Map<String, String> texts, String name, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            texts.put(name, text.replace("\r\n", "\n"));
        }
    }

    private static @Nullable Problem problem(Map<String, String> texts) {
        if (!texts.containsKey("main.cf") && !texts.containsKey("tls_policy")) {
            return new Problem(
                    "file",
                    "There is neither a main.cf nor a tls_policy among the files.",
                    "Choose the files from /etc/postfix, or paste main.cf.");
        }
        long length = texts.values().stream().mapToLong(String::length).sum();
        return length <= PolicyImportPages.LONGEST_TEXT
                ? null
                : new Problem(
                        "file",
                        "The files are longer than 1.5 MB.",
                        "Send them to POST /api/v1/postfix/import.");
    }

    private static PostfixFiles files(Map<String, String> texts) {
        return new PostfixFiles(
                texts.get("main.cf"),
                texts.get("master.cf"),
                texts.get("tls_policy"),
                texts.get("transport"),
                texts);
    }
}

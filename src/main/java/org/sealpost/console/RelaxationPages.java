package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.Relaxation;
import org.sealpost.policy.Relaxations;
import org.sealpost.policy.Relaxations.NewRelaxation;
import org.sealpost.policy.TlsPolicies;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Relaxing a rule for a while, said in full before it is done. */
@Controller
class RelaxationPages {

    private static final String MAY_WRITE = "hasAuthority('policies:write')";
    private static final String PAGE = "policy/relax";
    private static final List<Integer> HOURS = List.of(1, 4, 24, 72, 168);

    /** What a level lets through, in a sentence. */
    private static final Map<String, String> MEANINGS =
            Map.of(
                    "encrypt",
                            "Mail goes out encrypted, to a server that need not prove who it is.",
                    "may", "Mail goes out in clear text, too, where the server offers no TLS.");

    private final Relaxations relaxations;
    private final TlsPolicies policies;
    private final Clock clock;

    RelaxationPages(Relaxations relaxations, TlsPolicies policies, Clock clock) {
        this.relaxations = relaxations;
        this.policies = policies;
        this.clock = clock;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/policies/relax")
    @PreAuthorize(MAY_WRITE)
    String form(@RequestParam(defaultValue = "") String nextHop, Model model) {
        return show(nextHop, "encrypt", 24, "", model);
    }

    @PostMapping("/policies/relax")
    @PreAuthorize(MAY_WRITE)
    String relax(
            @RequestParam(defaultValue = "") String nextHop,
            @RequestParam(defaultValue = "") String level,
            @RequestParam(defaultValue = "24") int hours,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        var until = clock.instant().plus(Duration.ofHours(hours));
        try {
            Relaxation begun = relaxations.relax(new NewRelaxation(nextHop, level, until, reason));
            flash.addFlashAttribute(
                    "flash",
                    begun.nextHop()
                            + " asks for "
                            + begun.level()
                            + " only, until "
                            + When.of(begun.until(), clock.instant()).utc()
                            + ".");
            return "redirect:/policies/relax?nextHop=" + encoded(begun.nextHop());
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(conflict, "nextHop"));
        }
        return show(nextHop, level, hours, reason, model);
    }

    @PostMapping("/policies/relax/{id}/end")
    @PreAuthorize(MAY_WRITE)
    String end(@PathVariable long id, RedirectAttributes flash) {
        relaxations.end(id);
        flash.addFlashAttribute("flash", "The rule is as it was before.");
        return "redirect:/policies";
    }

    private String show(String nextHop, String level, int hours, String reason, Model model) {
        model.addAttribute("nextHop", nextHop)
                .addAttribute("level", level)
                .addAttribute("chosenHours", hours)
                .addAttribute("hours", HOURS)
                .addAttribute("reason", reason)
                .addAttribute("meanings", MEANINGS)
                .addAttribute("held", held(nextHop));
        NextHop.parse(nextHop)
                .flatMap(hop -> relaxations.of(hop.text()))
                .ifPresent(one ->
                        model.addAttribute("relaxed", one)
                                .addAttribute("until", When.of(one.until(), clock.instant())));
        return PAGE;
    }

    private @Nullable String held(String nextHop) {
        return NextHop.parse(nextHop)
                .map(policies::lookup)
                .map(lookup ->
                        switch (lookup) {
                            case PolicyLookup.Found found -> found.requirement().level().word();
                            case PolicyLookup.Unusable unusable -> unusable.level().word();
                        })
                .orElse(null);
    }

    private static String encoded(String nextHop) {
        return URLEncoder.encode(nextHop, StandardCharsets.UTF_8);
    }
}

package org.sealpost.console;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Routes;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.TlsPolicies;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Says which rule holds for a recipient or next hop, and how that was found. */
@Controller
class SimulationPages {

    private static final int MOST = 50;

    private final TlsPolicies policies;
    private final Routes routes;

    SimulationPages(TlsPolicies policies, Routes routes) {
        this.policies = policies;
        this.routes = routes;
    }

    @GetMapping("/policies/simulate")
    String show(@RequestParam(name = "for", defaultValue = "") String lines, Model model) {
        List<String> asked =
                lines.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        model.addAttribute("asked", lines)
                .addAttribute("left", Math.max(0, asked.size() - MOST))
                .addAttribute("results", asked.stream().limit(MOST).map(this::simulate).toList());
        return "policy/simulate";
    }

    private Simulation simulate(String line) {
        if (line.contains("@")) {
            return MailAddress.parse(line)
                    .map(recipient -> ofRecipient(line, recipient))
                    .orElseGet(() ->
                            Simulation.refused(
                                    line,
                                    new Problem(
                                            "for",
                                            "That is not a mail address.",
                                            "Write user@example.com.")));
        }
        return NextHop.parse(line)
                .map(hop -> Simulation.of(line, hop.text(), routed(hop), policies.lookup(hop)))
                .orElseGet(() ->
                        Simulation.refused(
                                line,
                                new Problem(
                                        "for",
                                        "That is not a next hop.",
                                        "Write example.com or [mail.example.com]:25, or a"
                                                + " recipient.")));
    }

    private Simulation ofRecipient(String line, MailAddress recipient) {
        NextHop hop = routes.nextHopFor(recipient);
        Optional<NextHop> own = NextHop.parse(line.substring(line.lastIndexOf('@') + 1));
        String routing =
                own.filter(hop::equals).isPresent()
                        ? null
                        : "A route sends this mail to "
                                + hop
                                + ": rules for the recipient’s domain are never consulted for it.";
        return Simulation.of(line, hop.text(), routing, policies.lookup(hop));
    }

    private @Nullable String routed(NextHop hop) {
        return hop.bracketed() || hop.port() != null
                ? null
                : MailAddress.parse("postmaster@" + hop.host())
                        .map(routes::nextHopFor)
                        .filter(routed -> !routed.equals(hop))
                        .map(routed ->
                                "Mail for "
                                        + hop
                                        + " is routed to "
                                        + routed
                                        + ", which is then the key: this look-up is not what that"
                                        + " mail meets.")
                        .orElse(null);
    }
}

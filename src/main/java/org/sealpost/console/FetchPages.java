package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.delivery.PresentedChains;
import org.sealpost.delivery.PresentedChains.PresentedChain;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotAllowed;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What another server shows, and what may be made of it. */
@Controller
class FetchPages {

    private static final String MAY_WRITE = "hasAuthority('certificates:write')";
    private static final String FETCH = "certificate/fetch";

    private final PresentedChains chains;
    private final Certificates certificates;
    private final TlsPolicies policies;
    private final Clock clock;

    FetchPages(
            PresentedChains chains, Certificates certificates, TlsPolicies policies, Clock clock) {
        this.chains = chains;
        this.certificates = certificates;
        this.policies = policies;
        this.clock = clock;
    }

    /** A certificate of the chain that was shown. */
    public record Shown(
            String subject,
            String issuer,
            List<String> names,
            String key,
            When begins,
            When ends,
            boolean authority,
            PrintView prints,
            String pem) {}

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/certificates/fetch")
    @PreAuthorize(MAY_WRITE)
    String form(@RequestParam(defaultValue = "") String nextHop, Model model) {
        model.addAttribute("nextHop", nextHop).addAttribute("connect", "auto");
        return FETCH;
    }

    @PostMapping("/certificates/fetch")
    String fetch(
            @RequestParam(defaultValue = "") String nextHop,
            @RequestParam(defaultValue = "auto") String connect,
            Model model,
            HttpServletResponse response) {
        model.addAttribute("nextHop", nextHop).addAttribute("connect", connect);
        try {
            PresentedChain seen = chains.fetch(nextHop, connect);
            model.addAttribute("seen", seen)
                    .addAttribute("checks", seen.checks())
                    .addAttribute("chain", shown(seen))
                    .addAttribute("authority", authority(seen))
                    .addAttribute("ruleId", ruleOf(seen.nextHop()));
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
        } catch (NotAllowed refused) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            model.addAttribute("problems", FormProblems.of(refused, "nextHop"));
        } catch (Conflict busy) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(busy, "nextHop"));
        }
        return FETCH;
    }

    /** Stores an authority that was shown: always as an anchor, which no other rule trusts. */
    @PostMapping("/certificates/fetch/anchor")
    String trustItsAuthority(
            @RequestParam String pem, @RequestParam String nextHop, RedirectAttributes flash) {
        StoredCertificate anchor = store(pem, "anchor");
        flash.addFlashAttribute(
                        "flash",
                        "The authority is stored as an anchor: only rules whose tafile names it trust"
                                + " it.")
                .addFlashAttribute("anchorFor", nextHop);
        return "redirect:/certificates/" + anchor.id();
    }

    /** Stores what the server itself showed, to be watched. */
    @PostMapping("/certificates/fetch/peer")
    String keep(@RequestParam String pem, RedirectAttributes flash) {
        StoredCertificate peer = store(pem, "peer");
        flash.addFlashAttribute("flash", "The certificate is stored and its end is watched.");
        return "redirect:/certificates/" + peer.id();
    }

    private StoredCertificate store(String pem, String purpose) {
        var upload =
                new NewCertificate(List.of(pem.getBytes(StandardCharsets.UTF_8)), null, purpose);
        return certificates.add(upload).certificate();
    }

    private List<Shown> shown(PresentedChain seen) {
        var now = clock.instant();
        return seen.chain().stream()
                .map(one ->
                        new Shown(
                                one.subject(),
                                one.issuer(),
                                one.subjectAlternativeNames(),
                                one.key(),
                                When.of(one.notBefore(), now),
                                When.of(one.notAfter(), now),
                                one.authority(),
                                PrintView.of(one.fingerprints()),
                                one.pem()))
                .toList();
    }

    /** The place in the chain of the last authority; null when none was shown. */
    private static @Nullable Integer authority(PresentedChain seen) {
        return IntStream.range(0, seen.chain().size())
                .filter(i -> seen.chain().get(i).authority())
                .boxed()
                .reduce((first, last) -> last)
                .orElse(null);
    }

    private @Nullable Long ruleOf(String nextHop) {
        return NextHop.parse(nextHop).map(policies::lookup).stream()
                .filter(PolicyLookup.Found.class::isInstance)
                .map(found -> ((PolicyLookup.Found) found).policy())
                .filter(policy -> policy != null && policy.nextHop().equals(nextHop))
                .map(TlsPolicy::id)
                .findFirst()
                .orElse(null);
    }
}

package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.IssuedCertificates;
import org.sealpost.certificate.IssuedCertificates.AuthorityDraft;
import org.sealpost.certificate.IssuedCertificates.IdentityDraft;
import org.sealpost.certificate.IssuedCertificates.Request;
import org.sealpost.certificate.IssuedCertificates.RequestDraft;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Certificates, requests and lab authorities that are made here. */
@Controller
class IssuePages {

    private static final String MAY_WRITE = "hasAuthority('certificates:write')";
    private static final String ISSUE = "certificate/issue";
    private static final Pattern SEPARATORS = Pattern.compile("[\\s,;]+");

    private final IssuedCertificates issued;
    private final Clock clock;

    IssuePages(IssuedCertificates issued, Clock clock) {
        this.issued = issued;
        this.clock = clock;
    }

    /** What the forms sent; lists have their entries between spaces, commas or lines. */
    public record Draft(
            @Nullable String kind,
            @Nullable String names,
            @Nullable String name,
            @Nullable String purpose,
            @Nullable String key,
            @Nullable Integer days) {

        static final Draft EMPTY = new Draft("self-signed", "", "", "server", "EC P-256", 365);

        List<String> list() {
            return names == null
                    ? List.of()
                    : SEPARATORS.splitAsStream(names).filter(one -> !one.isEmpty()).toList();
        }
    }

    /** A request that waits for its answer. */
    public record Waiting(long id, String subject, List<String> names, String key, When made) {}

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @ModelAttribute("keys")
    List<String> keys() {
        return IssuedCertificates.KEYS;
    }

    @GetMapping("/certificates/issue")
    @PreAuthorize(MAY_WRITE)
    String form(Model model) {
        return show(model, Draft.EMPTY);
    }

    @PostMapping("/certificates/issue")
    @PreAuthorize(MAY_WRITE)
    String make(Draft draft, Model model, HttpServletResponse response, RedirectAttributes flash) {
        try {
            return switch (draft.kind() == null ? "" : draft.kind()) {
                case "request" -> {
                    Request made =
                            issued.request(new RequestDraft(draft.list(), draft.key(), null));
                    yield requested(made, flash);
                }
                case "authority" ->
                        made(
                                issued.authority(
                                        new AuthorityDraft(
                                                draft.name(), draft.key(), draft.days())),
                                flash);
                default -> made(issued.selfSigned(identity(draft)), flash);
            };
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
            return show(model, draft);
        }
    }

    /** Has a lab authority issue a certificate. */
    @PostMapping("/certificates/{id}/issue")
    String issue(@PathVariable long id, Draft draft, RedirectAttributes flash) {
        return made(issued.issue(id, identity(draft)), flash);
    }

    /** A request for the key of a stored identity. */
    @PostMapping("/certificates/{id}/request")
    String renew(@PathVariable long id, RedirectAttributes flash) {
        return requested(issued.request(new RequestDraft(null, null, id)), flash);
    }

    @GetMapping("/certificates/requests/{id}/pem")
    ResponseEntity<String> pem(@PathVariable long id) {
        Request request =
                issued.request(id).orElseThrow(() -> new NotFound("certificate request", id));
        return CertificatePages.download("request-" + id + ".pem", request.pem());
    }

    @PostMapping("/certificates/requests/{id}/delete")
    String forget(@PathVariable long id, RedirectAttributes flash) {
        issued.deleteRequest(id);
        flash.addFlashAttribute("flash", "The request and its key are forgotten.");
        return "redirect:/certificates/issue";
    }

    private static IdentityDraft identity(Draft draft) {
        return new IdentityDraft(draft.purpose(), draft.list(), draft.key(), draft.days());
    }

    private static String made(StoredCertificate certificate, RedirectAttributes flash) {
        flash.addFlashAttribute("flash", "The certificate is made and stored.");
        return "redirect:/certificates/" + certificate.id();
    }

    private static String requested(Request request, RedirectAttributes flash) {
        flash.addFlashAttribute(
                "flash",
                "The request for "
                        + request.subject()
                        + " is made. Download it, send it to the authority, and upload the answer.");
        return "redirect:/certificates/issue";
    }

    private String show(Model model, Draft draft) {
        List<Waiting> waiting =
                issued.requests().stream()
                        .map(one ->
                                new Waiting(
                                        one.id(),
                                        one.subject(),
                                        one.names(),
                                        one.key(),
                                        When.of(one.createdAt(), clock.instant())))
                        .toList();
        model.addAttribute("draft", draft).addAttribute("requests", waiting);
        return ISSUE;
    }
}

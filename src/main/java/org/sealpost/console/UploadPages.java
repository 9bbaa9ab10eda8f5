package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import org.sealpost.certificate.CertificateReader;
import org.sealpost.certificate.Certificates;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.certificate.Certificates.Preview;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.Fingerprints;
import org.sealpost.certificate.SecretBox;
import org.sealpost.mail.InvalidInput;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Uploading with a look at what it is first, and fingerprints of what is not stored. */
@Controller
class UploadPages {

    private static final String MAY_WRITE = "hasAuthority('certificates:write')";
    private static final String UPLOAD = "certificate/upload";
    private static final String GENERATOR = "certificate/fingerprints";

    private final Certificates certificates;
    private final SecretBox secrets;
    private final Clock clock;

    UploadPages(Certificates certificates, SecretBox secrets, Clock clock) {
        this.certificates = certificates;
        this.secrets = secrets;
        this.clock = clock;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/certificates/upload")
    @PreAuthorize(MAY_WRITE)
    String form(@RequestParam(defaultValue = "server") String purpose, Model model) {
        model.addAttribute("purpose", purpose);
        return UPLOAD;
    }

    @PostMapping("/certificates/upload")
    @PreAuthorize(MAY_WRITE)
    String preview(UploadForm form, HttpSession session, Model model, HttpServletResponse response)
            throws IOException {
        String purpose = form.purpose() == null ? "" : form.purpose();
        model.addAttribute("purpose", purpose);
        Preview preview;
        NewCertificate upload;
        StoredCertificate certificate;
        try {
            upload = new NewCertificate(form.contents(), form.passwordOrNone(), purpose);
            preview = certificates.preview(upload);
            certificate = preview.certificate();
            if (certificate == null) {
                throw new InvalidInput(preview.errors());
            }
        } catch (InvalidInput invalid) {
            return refused(invalid, UPLOAD, model, response);
        }
        model.addAttribute("certificate", CertificateFacts.of(certificate, clock.instant()))
                .addAttribute("existingId", preview.existingId())
                .addAttribute("errors", preview.errors());
        if (preview.errors().isEmpty()) {
            model.addAttribute(
                    "token", PendingUpload.keep(session, secrets, upload, clock.instant()));
        } else {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        }
        return "certificate/preview";
    }

    @PostMapping("/certificates/upload/confirm")
    @PreAuthorize(MAY_WRITE)
    String confirm(@RequestParam String token, HttpSession session, RedirectAttributes flash) {
        NewCertificate upload =
                PendingUpload.take(session, secrets, token, clock.instant())
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "token",
                                        "The preview was confirmed already, or is older than 15"
                                                + " minutes.",
                                        "Upload the files again."));
        Certificates.Upload stored = certificates.add(upload);
        flash.addFlashAttribute(
                "flash",
                stored.created() ? "The certificate is stored." : "It was stored already.");
        return "redirect:/certificates/" + stored.certificate().id();
    }

    @GetMapping("/certificates/fingerprints")
    String generator() {
        return GENERATOR;
    }

    @PostMapping("/certificates/fingerprints")
    String fingerprints(UploadForm form, Model model, HttpServletResponse response)
            throws IOException {
        try {
            var chain = CertificateReader.leaf("file", form.contents(), form.passwordOrNone());
            model.addAttribute("prints", PrintView.of(Fingerprints.of(chain)))
                    .addAttribute("subject", chain.getFirst().getSubjectX500Principal().getName());
            return GENERATOR;
        } catch (InvalidInput invalid) {
            return refused(invalid, GENERATOR, model, response);
        }
    }

    private static String refused(
            InvalidInput invalid, String page, Model model, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        model.addAttribute("problems", FormProblems.of(invalid));
        return page;
    }
}

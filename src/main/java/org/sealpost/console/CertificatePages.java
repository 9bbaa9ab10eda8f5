package org.sealpost.console;

import io.github.wimdeblauwe.htmx.spring.boot.mvc.HxRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateQuery;
import org.sealpost.certificate.Certificates;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.Renewals;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/** The stored certificates: list, one of them, what takes its place, its end. */
@Controller
class CertificatePages {

    private static final String LIST = "certificate/list";
    private static final String SHOW = "certificate/show";
    private static final int MOST_CANDIDATES = 200;

    private final Certificates certificates;
    private final Renewals renewals;
    private final ServedCheck served;
    private final Clock clock;

    CertificatePages(
            Certificates certificates, Renewals renewals, ServedCheck served, Clock clock) {
        this.certificates = certificates;
        this.renewals = renewals;
        this.served = served;
        this.clock = clock;
    }

    /** A tab above the list. */
    enum Tab {
        SERVER("Server identities", "server", "What our listeners present."),
        CLIENT("Client identities", "client", "What we present to a partner that asks for it."),
        TRUST(
                "Trust anchors",
                "trust,anchor",
                "Authorities: trust counts for every verify and secure rule without a tafile, anchor"
                        + " only for rules whose tafile names it."),
        PEER(
                "Peer certificates",
                "peer",
                "Certificates of partners, kept to be pinned or watched.");

        private final String label;
        private final String purposes;
        private final String about;

        Tab(String label, String purposes, String about) {
            this.label = label;
            this.purposes = purposes;
            this.about = about;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Tab of(@Nullable String word) {
            return Arrays.stream(values())
                    .filter(tab -> tab.word().equals(word))
                    .findFirst()
                    .orElse(SERVER);
        }

        static Tab ofPurpose(String purpose) {
            return purpose.equals("anchor") ? TRUST : of(purpose);
        }
    }

    /** What the list shows, as the address carries it. */
    record Filter(@Nullable String tab, @Nullable String q, @Nullable String sort) {

        String order() {
            return sort != null && CertificateQuery.SORTS.contains(sort.replaceFirst("^-", ""))
                    ? sort
                    : CertificateQuery.SORTS.getFirst();
        }

        CertificateQuery query(@Nullable String after) {
            return new CertificateQuery(q, Tab.of(tab).purposes, order(), after, Listing.SIZE + 1);
        }

        UriComponentsBuilder address() {
            var address =
                    UriComponentsBuilder.fromPath("/certificates")
                            .queryParam("tab", Tab.of(tab).word());
            if (q != null && !q.isBlank()) {
                address.queryParam("q", q);
            }
            if (!order().equals(CertificateQuery.SORTS.getFirst())) {
                address.queryParam("sort", order());
            }
            return address;
        }
    }

    /** A tab as the page draws it. */
    public record TabLink(String label, long count, String href, boolean current) {}

    @GetMapping("/certificates")
    String list(
            Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        fill(model, filter, after);
        return LIST;
    }

    @HxRequest
    @GetMapping("/certificates")
    String rows(
            Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        fill(model, filter, after);
        return LIST + " :: rows";
    }

    private void fill(Model model, Filter filter, @Nullable String after) {
        CertificateQuery query = filter.query(after);
        Instant now = clock.instant();
        Tab current = Tab.of(filter.tab());
        model.addAttribute("filter", filter)
                .addAttribute("tab", current.word())
                .addAttribute("about", current.about)
                .addAttribute("filtered", filter.q() != null && !filter.q().isBlank())
                .addAttribute("tabs", tabs(filter, current))
                .addAttribute(
                        "page",
                        Listing.of(
                                        certificates.page(query),
                                        certificates.count(query),
                                        filter.address(),
                                        after,
                                        query::keyOf)
                                .map(one -> CertificateRow.of(one, now)));
    }

    private List<TabLink> tabs(Filter filter, Tab current) {
        return Arrays.stream(Tab.values())
                .map(tab -> {
                    var other = new Filter(tab.word(), filter.q(), filter.sort());
                    return new TabLink(
                            tab.label,
                            certificates.count(other.query(null)),
                            other.address().build().encode().toUriString(),
                            tab == current);
                })
                .toList();
    }

    @GetMapping("/certificates/{id}")
    String show(@PathVariable long id, Model model) {
        StoredCertificate certificate = find(id);
        var facts = CertificateFacts.of(certificate, clock.instant());
        model.addAttribute("certificate", facts)
                .addAttribute("tab", Tab.ofPurpose(certificate.purpose()).word());
        if (facts.isIdentity()) {
            model.addAttribute("candidates", candidates(certificate));
        }
        return SHOW;
    }

    private List<CertificateRow> candidates(StoredCertificate certificate) {
        var query =
                new CertificateQuery(
                        null, certificate.purpose(), "-notAfter", null, MOST_CANDIDATES);
        return certificates.page(query).stream()
                .map(one -> CertificateRow.of(one, clock.instant()))
                .filter(one -> certificate.id() == null || one.id() != certificate.id())
                .toList();
    }

    /** Asks each listener that presents it for what it serves at this moment. */
    @PostMapping("/certificates/{id}/served")
    String served(@PathVariable long id, Model model) {
        model.addAttribute("served", served.of(find(id)));
        return show(id, model);
    }

    @GetMapping("/certificates/{id}/pem")
    ResponseEntity<String> pem(@PathVariable long id) {
        String pem = certificates.pem(id).orElseThrow(() -> new NotFound("certificate", id));
        return download("certificate-" + id + ".pem", pem);
    }

    static ResponseEntity<String> download(String name, String pem) {
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, "application/x-pem-file")
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .body(pem);
    }

    @PostMapping("/certificates/{id}/successor")
    String stage(
            @PathVariable long id,
            @RequestParam long certificateId,
            @RequestParam(defaultValue = "") String switchAt,
            RedirectAttributes flash) {
        renewals.stage(id, certificateId, moment(switchAt));
        flash.addFlashAttribute(
                "flash",
                switchAt.isBlank()
                        ? "The successor is staged. Publish its fingerprints, then switch."
                        : "The switch is planned.");
        return "redirect:/certificates/" + id;
    }

    @PostMapping("/certificates/{id}/switch")
    String switchNow(@PathVariable long id, RedirectAttributes flash) {
        renewals.switchNow(id);
        flash.addFlashAttribute(
                "flash", "Switched: the successor is used from the next connection on.");
        return "redirect:/certificates/" + id;
    }

    @PostMapping("/certificates/{id}/cancel")
    String cancel(@PathVariable long id, RedirectAttributes flash) {
        renewals.cancel(id);
        flash.addFlashAttribute("flash", "The plan is forgotten; this certificate is used.");
        return "redirect:/certificates/" + id;
    }

    @GetMapping("/certificates/{id}/delete")
    @PreAuthorize("hasAuthority('certificates:write')")
    String confirm(@PathVariable long id, Model model) {
        model.addAttribute("certificate", CertificateFacts.of(find(id), clock.instant()));
        return "certificate/delete";
    }

    @PostMapping("/certificates/{id}/delete")
    String delete(@PathVariable long id, RedirectAttributes flash) {
        StoredCertificate certificate = find(id);
        certificates.delete(id);
        flash.addFlashAttribute(
                "flash", "The certificate " + CertificateRow.name(certificate) + " is removed.");
        return "redirect:/certificates?tab=" + Tab.ofPurpose(certificate.purpose()).word();
    }

    /** As a browser's field gives it, taken as UTC. */
    private static @Nullable Instant moment(String text) {
        if (text.isBlank()) {
            return null;
        }
        try {
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new InvalidInput(
                    "switchAt", "“" + text + "” is no moment.", "Write it as 2027-01-31T04:00.");
        }
    }

    private StoredCertificate find(long id) {
        return certificates.find(id).orElseThrow(() -> new NotFound("certificate", id));
    }
}

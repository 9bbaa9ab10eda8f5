package org.sealpost.console;

import io.github.wimdeblauwe.htmx.spring.boot.mvc.HxRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyFilter;
import org.sealpost.policy.PolicyOrder;
import org.sealpost.policy.PolicyOutlook;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.policy.TlsSettings;
import org.sealpost.policy.WeakPoints;
import org.sealpost.settings.Settings;
import org.sealpost.tls.TlsLevel;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;

/** The table of TLS policies, and its export. */
@Controller
class PolicyPages {

    private static final String LIST = "policy/list";

    private final PolicyOutlook outlook;
    private final TlsPolicies policies;
    private final RuleReviews reviews;
    private final Settings settings;

    PolicyPages(
            PolicyOutlook outlook, TlsPolicies policies, RuleReviews reviews, Settings settings) {
        this.outlook = outlook;
        this.policies = policies;
        this.reviews = reviews;
        this.settings = settings;
    }

    /** What the list shows, as the address says it. */
    record Filter(
            @Nullable String q,
            @Nullable String level,
            @Nullable String mode,
            @Nullable Boolean weak) {

        PolicyFilter toFilter() {
            return new PolicyFilter(q, tlsLevel(), knownMode(), Boolean.TRUE.equals(weak));
        }

        private @Nullable TlsLevel tlsLevel() {
            return level == null ? null : TlsLevel.parse(level).orElse(null);
        }

        private @Nullable String knownMode() {
            return "enforced".equals(mode) || "disabled".equals(mode) ? mode : null;
        }

        UriComponentsBuilder address() {
            var address = UriComponentsBuilder.fromPath("/policies");
            if (q != null && !q.isBlank()) {
                address.queryParam("q", q);
            }
            TlsLevel known = tlsLevel();
            if (known != null) {
                address.queryParam("level", known.word());
            }
            if (knownMode() != null) {
                address.queryParam("mode", mode);
            }
            if (Boolean.TRUE.equals(weak)) {
                address.queryParam("weak", true);
            }
            return address;
        }

        boolean any() {
            return !toFilter().equals(new PolicyFilter(q, null, null, false))
                    || (q != null && !q.isBlank());
        }
    }

    @ModelAttribute("levels")
    List<LevelChoice> levels() {
        return LevelChoice.ALL;
    }

    @GetMapping("/policies")
    String list(
            Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        fill(model, filter, after);
        return LIST;
    }

    @HxRequest
    @GetMapping("/policies")
    String rows(
            Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        fill(model, filter, after);
        return LIST + " :: rows";
    }

    private void fill(Model model, Filter filter, @Nullable String after) {
        PolicyFilter.Page found =
                outlook.search(filter.toFilter(), PolicyOrder.BY_NEXT_HOP, after, Listing.SIZE + 1);
        model.addAttribute("filter", filter)
                .addAttribute("filtered", filter.any())
                .addAttribute(
                        "page",
                        Listing.of(
                                        found.rules(),
                                        found.total(),
                                        filter.address(),
                                        after,
                                        TlsPolicy::nextHop)
                                .map(PolicyRow::of))
                .addAttribute("defaults", defaults());
    }

    /** The first row: what holds where no rule matches. */
    record Defaults(String level, String protocols, List<String> weak) {}

    private Defaults defaults() {
        TlsSettings now = settings.get(TlsSettings.SECTION);
        String protocols = now.level().requiresTls() ? now.mandatoryProtocols() : now.protocols();
        return new Defaults(
                now.level().word(),
                protocols,
                WeakPoints.of(
                        now.level(), PolicyAttributes.builder().protocols(protocols).build()));
    }

    @GetMapping("/policies/export")
    ResponseEntity<byte[]> export() {
        return download(reviews.writer().table(policies.all()));
    }

    /** A table as a file, under the name Postfix's documentation gives it. */
    static ResponseEntity<byte[]> download(String table) {
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename("tls_policy").build().toString())
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(table.getBytes(StandardCharsets.UTF_8));
    }
}

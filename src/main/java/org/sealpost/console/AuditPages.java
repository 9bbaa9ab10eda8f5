package org.sealpost.console;

import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.audit.AuditProof;
import org.sealpost.audit.AuditTrail;
import org.sealpost.audit.AuditTrail.Entry;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/** Who changed what, and who signed in; the door asks for the permission. */
@Controller
class AuditPages {

    private final AuditTrail trail;
    private final AuditProof proof;
    private final JsonMapper json;
    private final Clock clock;

    AuditPages(AuditTrail trail, AuditProof proof, JsonMapper json, Clock clock) {
        this.trail = trail;
        this.proof = proof;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping("/audit")
    String list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable Long after,
            Model model) {
        var now = clock.instant();
        List<Entry> found = trail.page(q, after, Listing.SIZE + 1);
        var here = UriComponentsBuilder.fromPath("/audit");
        if (q != null && !q.isBlank()) {
            here.queryParam("q", q);
        }
        model.addAttribute("q", q)
                .addAttribute(
                        "page",
                        Listing.of(found, trail.count(q), here, after, Entry::id)
                                .map(entry -> AuditRow.of(entry, json, now)));
        return "audit/list";
    }

    @GetMapping("/audit/verification")
    String verification(Model model) {
        model.addAttribute("report", proof.verify());
        return "audit/verification";
    }
}

package org.sealpost.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.audit.AuditTrail;
import org.sealpost.audit.AuditTrail.Entry;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit trail over REST. */
@RestController
@RequestMapping("/api/v1/audit")
class AuditApi {

    private final AuditTrail trail;

    AuditApi(AuditTrail trail) {
        this.trail = trail;
    }

    @GetMapping
    Page<Entry> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = Page.size(size);
        String key = Page.key(cursor);
        if (key != null && !key.matches("\\d{1,18}")) {
            throw new BadRequest("cursor", "The cursor is not one of ours.");
        }
        boolean newestFirst = Sort.of(sort, "-at", List.of("at")).descending();
        Long seen = key == null ? null : Long.valueOf(key);
        List<Entry> found =
                newestFirst ? trail.page(q, seen, most + 1) : trail.oldestFirst(q, seen, most + 1);
        return Page.of(found, most, Entry::id, trail.count(q));
    }
}

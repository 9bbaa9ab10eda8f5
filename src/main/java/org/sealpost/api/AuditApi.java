package org.sealpost.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.audit.AuditProof;
import org.sealpost.audit.AuditTrail;
import org.sealpost.audit.AuditTrail.Entry;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/** The audit trail over REST. */
@RestController
@RequestMapping("/api/v1/audit")
class AuditApi {

    private static final int ENTRIES_AT_ONCE = 500;

    private final AuditTrail trail;
    private final AuditProof proof;
    private final JsonMapper json;

    AuditApi(AuditTrail trail, AuditProof proof, JsonMapper json) {
        this.trail = trail;
        this.proof = proof;
        this.json = json;
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

    /** Whether files, chain and database agree. */
    @GetMapping("/verification")
    AuditProof.Report verification() {
        return proof.verify();
    }

    /** All entries that match, oldest first, a JSON object a line. */
    @GetMapping(value = "/export", produces = "application/jsonl")
    ResponseEntity<StreamingResponseBody> export(
            @RequestParam(required = false) @Nullable String q) {
        List<Entry> first = trail.oldestFirst(q, null, ENTRIES_AT_ONCE);
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\"")
                .body(out -> {
                    List<Entry> entries = first;
                    while (!entries.isEmpty()) {
                        for (Entry entry : entries) {
                            out.write(json.writeValueAsBytes(entry));
                            out.write('\n');
                        }
                        entries = trail.oldestFirst(q, entries.getLast().id(), ENTRIES_AT_ONCE);
                    }
                });
    }
}

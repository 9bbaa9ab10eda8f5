package org.sealpost.api;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NotFound;
import org.sealpost.selftest.HistoryFilter;
import org.sealpost.selftest.NewSelfTest;
import org.sealpost.selftest.PastTest;
import org.sealpost.selftest.SelfTest;
import org.sealpost.selftest.SelfTests;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Self-tests over REST. */
@RestController
@RequestMapping("/api/v1/self-tests")
class SelfTestsApi {

    private final SelfTests tests;

    SelfTestsApi(SelfTests tests) {
        this.tests = tests;
    }

    @PostMapping
    ResponseEntity<SelfTest> start(@RequestBody NewSelfTest asked) {
        SelfTest queued = tests.start(asked);
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .location(URI.create("/api/v1/self-tests/" + queued.id()))
                .body(queued);
    }

    /** The items come without transcripts and chains. */
    @GetMapping
    Page<SelfTest> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable Long batch,
            @RequestParam(required = false) @Nullable String result,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = Page.size(size);
        Long seen = seen(cursor);
        if (result != null && !HistoryFilter.RESULTS.contains(result)) {
            throw new BadRequest(
                    "result",
                    "The result is none of " + String.join(", ", HistoryFilter.RESULTS) + ".");
        }
        boolean newestFirst = Sort.of(sort, "-createdAt", List.of("createdAt")).descending();
        var filter = new HistoryFilter(q, batch, result);
        return Page.of(
                tests.page(filter, newestFirst, seen, most + 1),
                most,
                SelfTest::id,
                tests.count(filter));
    }

    static @Nullable Long seen(@Nullable String cursor) {
        String key = Page.key(cursor);
        if (key != null && !key.matches("\\d{1,18}")) {
            throw new BadRequest("cursor", "The cursor is not one of ours.");
        }
        return key == null ? null : Long.valueOf(key);
    }

    /** What the tests of the same found, up to this one and newest first: its trend. */
    @GetMapping("/{id}/history")
    Page<PastTest> history(
            @PathVariable long id, @RequestParam(required = false) @Nullable Integer size) {
        List<PastTest> past =
                tests.history(id, Page.size(size == null ? Integer.valueOf(12) : size));
        return new Page<>(past, null, past.size());
    }

    @GetMapping("/{id}")
    SelfTest find(@PathVariable long id) {
        return tests.find(id).orElseThrow(() -> new NotFound("self-test", id));
    }

    @DeleteMapping("/{id}")
    SelfTest cancelByDelete(@PathVariable long id) {
        return tests.cancel(id);
    }

    @PostMapping("/{id}/cancel")
    SelfTest cancel(@PathVariable long id) {
        return tests.cancel(id);
    }
}

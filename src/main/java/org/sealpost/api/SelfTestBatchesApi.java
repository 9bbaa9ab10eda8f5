package org.sealpost.api;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NotFound;
import org.sealpost.selftest.SelfTestBatches;
import org.sealpost.selftest.SelfTestBatches.Batch;
import org.sealpost.selftest.SelfTestBatches.NewBatch;
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

/** Many self-tests at once over REST; {@code /self-tests?batch=} lists those of one. */
@RestController
@RequestMapping("/api/v1/self-tests/batches")
class SelfTestBatchesApi {

    private final SelfTestBatches batches;

    SelfTestBatchesApi(SelfTestBatches batches) {
        this.batches = batches;
    }

    @PostMapping
    ResponseEntity<Batch> start(@RequestBody NewBatch asked) {
        Batch started = batches.start(asked);
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .location(URI.create("/api/v1/self-tests/batches/" + started.id()))
                .body(started);
    }

    @GetMapping
    Page<Batch> list(
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = Page.size(size);
        return Page.of(
                batches.page(SelfTestsApi.seen(cursor), most + 1),
                most,
                Batch::id,
                batches.count());
    }

    @GetMapping("/{id}")
    Batch find(@PathVariable long id) {
        return batches.find(id).orElseThrow(() -> new NotFound("self-test batch", id));
    }

    @DeleteMapping("/{id}")
    Batch cancelByDelete(@PathVariable long id) {
        return batches.cancel(id);
    }

    @PostMapping("/{id}/cancel")
    Batch cancel(@PathVariable long id) {
        return batches.cancel(id);
    }
}

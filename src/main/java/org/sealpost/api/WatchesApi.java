package org.sealpost.api;

import java.net.URI;
import java.util.List;
import org.sealpost.eventlog.Watch;
import org.sealpost.eventlog.Watches;
import org.sealpost.eventlog.Watches.NewWatch;
import org.sealpost.eventlog.Watches.Transcript;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Peers whose sessions are told in more detail, and traced, over REST. */
@RestController
@RequestMapping("/api/v1/watches")
class WatchesApi {

    private final Watches watches;

    WatchesApi(Watches watches) {
        this.watches = watches;
    }

    @GetMapping
    Page<Watch> list() {
        List<Watch> all = watches.list();
        return new Page<>(all, null, all.size());
    }

    @PostMapping
    ResponseEntity<Watch> begin(@RequestBody NewWatch asked) {
        Watch begun = watches.begin(asked);
        return ResponseEntity.created(URI.create("/api/v1/watches/" + begun.id())).body(begun);
    }

    @GetMapping("/{id}")
    Watch get(@PathVariable long id) {
        return watches.get(id);
    }

    @PostMapping("/{id}/end")
    Watch end(@PathVariable long id) {
        return watches.end(id);
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable long id) {
        watches.delete(id);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/{id}/transcripts")
    Page<Transcript> transcripts(@PathVariable long id) {
        List<Transcript> all = watches.transcripts(id);
        return new Page<>(all, null, all.size());
    }
}

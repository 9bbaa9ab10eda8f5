package org.sealpost.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.Versioned;
import org.sealpost.smtp.ListenerCertificates;
import org.sealpost.smtp.ListenerSettings;
import org.sealpost.smtp.Listeners;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The listeners over REST. */
@RestController
@RequestMapping("/api/v1/listeners")
class ListenersApi {

    private final Listeners listeners;
    private final ListenerCertificates certificates;

    ListenersApi(Listeners listeners, ListenerCertificates certificates) {
        this.listeners = listeners;
        this.certificates = certificates;
    }

    @GetMapping
    Page<ListenerSettings> list() {
        List<ListenerSettings> all =
                listeners.list().stream().map(Listeners.ListenerState::settings).toList();
        return new Page<>(all, null, all.size());
    }

    @GetMapping("/{name}")
    ResponseEntity<ListenerSettings> get(@PathVariable String name) {
        return answer(certificates.get(name));
    }

    @PutMapping("/{name}")
    ResponseEntity<ListenerSettings> update(
            @PathVariable String name,
            @RequestBody ListenerSettings settings,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        return answer(certificates.update(name, settings, ETags.version(ifMatch)));
    }

    private static ResponseEntity<ListenerSettings> answer(Versioned<ListenerSettings> listener) {
        return ResponseEntity.ok().eTag(ETags.of(listener.version())).body(listener.value());
    }
}

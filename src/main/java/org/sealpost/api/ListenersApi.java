package org.sealpost.api;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.Versioned;
import org.sealpost.smtp.ListenerSettings;
import org.sealpost.smtp.Listeners;
import org.sealpost.smtp.StoredListeners;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The listeners over REST. */
@RestController
@RequestMapping("/api/v1/listeners")
class ListenersApi {

    private final Listeners listeners;
    private final StoredListeners stored;
    private final JsonMapper json;

    ListenersApi(Listeners listeners, StoredListeners stored, JsonMapper json) {
        this.json = json;
        this.listeners = listeners;
        this.stored = stored;
    }

    @GetMapping
    Page<ListenerSettings> list() {
        List<ListenerSettings> all =
                listeners.list().stream().map(Listeners.ListenerState::settings).toList();
        return new Page<>(all, null, all.size());
    }

    @GetMapping("/{name}")
    ResponseEntity<ListenerSettings> get(@PathVariable String name) {
        return answer(stored.get(name));
    }

    @PutMapping("/{name}")
    @PreAuthorize("hasAuthority('listeners:write')")
    ResponseEntity<ListenerSettings> update(
            @PathVariable String name,
            @RequestBody(
                            content =
                                    @Content(
                                            schema =
                                                    @Schema(
                                                            implementation =
                                                                    ListenerSettings.class)))
                    @org.springframework.web.bind.annotation.RequestBody
                    JsonNode body,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestHeader(name = ChangeReason.HEADER, required = false) @Nullable String reason) {
        stored.get(name); // an unknown one is 404 whatever the body says
        return answer(
                stored.update(name, read(body), ETags.version(ifMatch), ChangeReason.read(reason)));
    }

    private ListenerSettings read(JsonNode body) {
        RequiredFields.check(ListenerSettings.class, body);
        try {
            return json.treeToValue(body, ListenerSettings.class);
        } catch (DatabindException e) {
            throw UnfitBody.of(e);
        }
    }

    private static ResponseEntity<ListenerSettings> answer(Versioned<ListenerSettings> listener) {
        return ResponseEntity.ok().eTag(ETags.of(listener.version())).body(listener.value());
    }
}

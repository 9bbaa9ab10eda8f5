package org.sealpost.api;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Routes;
import org.sealpost.delivery.Routes.Route;
import org.sealpost.delivery.Routes.RouteDraft;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Routes over REST; a password goes in and never comes back. */
@RestController
@RequestMapping("/api/v1/routes")
class RoutesApi {

    private final Routes routes;

    RoutesApi(Routes routes) {
        this.routes = routes;
    }

    @GetMapping
    Page<Route> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        return new ShortList<>(routes.list(), route -> route.pattern() + " " + route.nextHop())
                .by("pattern", Route::pattern)
                .by("nextHop", route -> route.nextHop() + " " + route.pattern())
                .page(q, sort, size, cursor);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Route> create(@RequestBody RouteDraft draft) {
        Route created = routes.create(draft);
        return ResponseEntity.created(URI.create("/api/v1/routes/" + created.id()))
                .eTag(ETags.of(created.version()))
                .body(created);
    }

    @PutMapping("/{id}")
    ResponseEntity<Route> update(
            @PathVariable long id,
            @RequestBody RouteDraft draft,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        Route updated = routes.update(id, draft, ETags.version(ifMatch));
        return ResponseEntity.ok().eTag(ETags.of(updated.version())).body(updated);
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(
            @PathVariable long id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        routes.delete(id, ETags.version(ifMatch));
        return ResponseEntity.noContent().build();
    }
}

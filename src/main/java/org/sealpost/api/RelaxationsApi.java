package org.sealpost.api;

import java.util.List;
import org.sealpost.policy.Relaxation;
import org.sealpost.policy.Relaxations;
import org.sealpost.policy.Relaxations.NewRelaxation;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Rules that are relaxed until a moment, over REST. */
@RestController
@RequestMapping("/api/v1/policies/relaxations")
class RelaxationsApi {

    private final Relaxations relaxations;

    RelaxationsApi(Relaxations relaxations) {
        this.relaxations = relaxations;
    }

    @GetMapping
    Page<Relaxation> list() {
        List<Relaxation> all = relaxations.list();
        return new Page<>(all, null, all.size());
    }

    @PostMapping
    ResponseEntity<Relaxation> relax(@RequestBody NewRelaxation asked) {
        return ResponseEntity.status(HttpStatus.CREATED).body(relaxations.relax(asked));
    }

    /** Puts the rule back now. */
    @DeleteMapping("/{id}")
    ResponseEntity<Void> end(@PathVariable long id) {
        relaxations.end(id);
        return ResponseEntity.noContent().build();
    }
}

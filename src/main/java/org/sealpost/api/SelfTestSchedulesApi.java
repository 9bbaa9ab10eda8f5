package org.sealpost.api;

import java.net.URI;
import java.util.List;
import org.sealpost.selftest.SelfTestSchedules;
import org.sealpost.selftest.SelfTestSchedules.NewSchedule;
import org.sealpost.selftest.SelfTestSchedules.Schedule;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Schedules of self-tests over REST. */
@RestController
@RequestMapping("/api/v1/self-tests/schedules")
class SelfTestSchedulesApi {

    private final SelfTestSchedules schedules;

    SelfTestSchedulesApi(SelfTestSchedules schedules) {
        this.schedules = schedules;
    }

    @GetMapping
    Page<Schedule> list() {
        List<Schedule> all = schedules.list();
        return new Page<>(all, null, all.size());
    }

    @PostMapping
    ResponseEntity<Schedule> create(@RequestBody NewSchedule asked) {
        Schedule created = schedules.create(asked);
        return ResponseEntity.created(URI.create("/api/v1/self-tests/schedules/" + created.id()))
                .body(created);
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable long id) {
        schedules.delete(id);
        return ResponseEntity.noContent().build();
    }
}

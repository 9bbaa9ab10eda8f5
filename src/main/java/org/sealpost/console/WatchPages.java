package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.Watch;
import org.sealpost.eventlog.Watches;
import org.sealpost.eventlog.Watches.NewWatch;
import org.sealpost.eventlog.Watches.Transcript;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Peers that are watched: begun, looked at, ended. */
@Controller
class WatchPages {

    private static final String MAY_WRITE = "hasAuthority('events:write')";
    private static final List<Integer> HOURS = List.of(1, 4, 24, 168, 720);

    private final Watches watches;
    private final Clock clock;

    WatchPages(Watches watches, Clock clock) {
        this.watches = watches;
        this.clock = clock;
    }

    /** A watch as the form asks for it. */
    public record WatchForm(
            @Nullable String direction,
            @Nullable String peer,
            @Nullable Integer level,
            @Nullable Integer sessions,
            @Nullable Integer hours) {

        NewWatch asked(Instant now) {
            return new NewWatch(
                    direction,
                    peer,
                    level,
                    sessions,
                    hours == null ? null : now.plus(Duration.ofHours(hours)));
        }

        /** What the form shows first: a trace of five sessions within a day. */
        WatchForm orUsual() {
            return new WatchForm(
                    direction == null ? "outbound" : direction,
                    peer == null ? "" : peer,
                    level == null ? 4 : level,
                    level == null && sessions == null ? Integer.valueOf(5) : sessions,
                    hours == null ? 24 : hours);
        }
    }

    /** A watch as pages show it. */
    public record Row(Watch watch, When until) {}

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/live/watches")
    String list(WatchForm form, Model model) {
        return show(form, model);
    }

    private String show(WatchForm form, Model model) {
        Instant now = clock.instant();
        model.addAttribute("form", form.orUsual())
                .addAttribute("hours", HOURS)
                .addAttribute(
                        "rows",
                        watches.list().stream()
                                .map(watch -> new Row(watch, When.of(watch.until(), now)))
                                .toList());
        return "eventlog/watches";
    }

    @PostMapping("/live/watches")
    @PreAuthorize(MAY_WRITE)
    String begin(
            WatchForm form, Model model, HttpServletResponse response, RedirectAttributes flash) {
        try {
            Watch begun = watches.begin(form.asked(clock.instant()));
            flash.addFlashAttribute(
                    "flash", begun.peer() + " is watched from the next session on.");
            return "redirect:/live/watches/" + begun.id();
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(conflict, "peer"));
        }
        return show(form, model);
    }

    @GetMapping("/live/watches/{id}")
    String one(@PathVariable long id, Model model) {
        Instant now = clock.instant();
        Watch watch = watches.get(id);
        model.addAttribute("row", new Row(watch, When.of(watch.until(), now)))
                .addAttribute(
                        "transcripts",
                        watches.transcripts(id).stream()
                                .map(one -> TranscriptView.of(one, now))
                                .toList());
        return "eventlog/watch";
    }

    @GetMapping("/live/watches/{id}/download")
    ResponseEntity<String> download(@PathVariable long id) {
        var text = new StringBuilder();
        for (Transcript one : watches.transcripts(id)) {
            text.append(TranscriptView.text(one)).append('\n');
        }
        var type = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
        return ResponseEntity.ok()
                .contentType(type)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("sealpost-watch-" + id + ".txt")
                                .build()
                                .toString())
                .body(text.toString());
    }

    @PostMapping("/live/watches/{id}/end")
    @PreAuthorize(MAY_WRITE)
    String end(@PathVariable long id, RedirectAttributes flash) {
        Watch ended = watches.end(id);
        flash.addFlashAttribute("flash", ended.peer() + " is watched no more.");
        return "redirect:/live/watches/" + id;
    }

    @PostMapping("/live/watches/{id}/delete")
    @PreAuthorize(MAY_WRITE)
    String delete(@PathVariable long id, RedirectAttributes flash) {
        watches.delete(id);
        flash.addFlashAttribute("flash", "The watch and what it kept are gone.");
        return "redirect:/live/watches";
    }
}

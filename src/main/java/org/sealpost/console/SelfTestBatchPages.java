package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.AskedTooOften;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.Refusal;
import org.sealpost.selftest.HistoryFilter;
import org.sealpost.selftest.SelfTest;
import org.sealpost.selftest.SelfTestBatches;
import org.sealpost.selftest.SelfTestBatches.Batch;
import org.sealpost.selftest.SelfTestBatches.NewBatch;
import org.sealpost.selftest.SelfTests;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.util.UriComponentsBuilder;

/** Many self-tests at once: started by a form, watched by a bar, and listed. */
@Controller
class SelfTestBatchPages {

    private static final String FORM = "selftest/many";

    private final SelfTestBatches batches;
    private final SelfTests tests;
    private final SelfTestStreams streams;
    private final Clock clock;

    SelfTestBatchPages(
            SelfTestBatches batches, SelfTests tests, SelfTestStreams streams, Clock clock) {
        this.batches = batches;
        this.tests = tests;
        this.streams = streams;
        this.clock = clock;
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/self-tests/batches")
    String form(@RequestParam(required = false) @Nullable Long after, Model model) {
        return form(model, "fingerprint", "", after);
    }

    private String form(Model model, String rules, String list, @Nullable Long after) {
        var now = clock.instant();
        model.addAttribute("rules", rules)
                .addAttribute("list", list)
                .addAttribute("levels", LevelChoice.ALL)
                .addAttribute(
                        "page",
                        Listing.of(
                                        batches.page(after, Listing.SIZE + 1),
                                        batches.count(),
                                        UriComponentsBuilder.fromPath("/self-tests/batches"),
                                        after,
                                        Batch::id)
                                .map(batch -> new Row(batch, When.of(batch.createdAt(), now))));
        return FORM;
    }

    /** A batch in the list. */
    public record Row(Batch batch, When at) {}

    /**
     * Starts a batch.
     *
     * @param what {@code rules} or {@code list}
     * @param list one in a line, or with commas or blanks between
     */
    @PostMapping("/self-tests/batches")
    String start(
            @RequestParam(defaultValue = "") String what,
            @RequestParam(defaultValue = "all") String rules,
            @RequestParam(defaultValue = "") String list,
            Model model,
            HttpServletResponse response) {
        NewBatch asked =
                what.equals("rules")
                        ? new NewBatch(rules, null)
                        : new NewBatch(null, List.of(list.strip().split("[\\s,;]+")));
        try {
            return "redirect:/self-tests/batches/" + batches.start(asked).id();
        } catch (InvalidInput invalid) {
            return refused(
                    model, response, rules, list, FormProblems.of((Refusal) invalid, "list"), 422);
        } catch (Conflict busy) {
            return refused(model, response, rules, list, FormProblems.of(busy, ""), 409);
        } catch (AskedTooOften often) {
            return refused(model, response, rules, list, FormProblems.of(often, ""), 429);
        }
    }

    private String refused(
            Model model,
            HttpServletResponse response,
            String rules,
            String list,
            FormProblems problems,
            int status) {
        response.setStatus(status);
        model.addAttribute("problems", problems);
        return form(model, rules, list, null);
    }

    /** A batch, and those of its tests that have a result. */
    @GetMapping("/self-tests/batches/{id}")
    String show(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable String result,
            @RequestParam(required = false) @Nullable Long after,
            Model model) {
        Batch batch = batch(id);
        var now = clock.instant();
        String known = result != null && HistoryFilter.RESULTS.contains(result) ? result : null;
        var filter = new HistoryFilter(null, id, known);
        var here = UriComponentsBuilder.fromPath("/self-tests/batches/" + id);
        if (known != null) {
            here.queryParam("result", known);
        }
        model.addAttribute("batch", batch)
                .addAttribute("at", When.of(batch.createdAt(), now))
                .addAttribute("result", known)
                .addAttribute("first", after == null && known == null)
                .addAttribute(
                        "page",
                        Listing.of(
                                        tests.page(filter, false, after, Listing.SIZE + 1),
                                        tests.count(filter),
                                        here,
                                        after,
                                        SelfTest::id)
                                .map(test -> SelfTestRow.of(test, now)));
        return "selftest/batch";
    }

    /** What a page that watches asks for at each change. */
    @GetMapping("/self-tests/batches/{id}/progress")
    String progress(
            @PathVariable long id,
            @RequestParam(required = false) @Nullable String result,
            @RequestParam(required = false) @Nullable Long after,
            Model model) {
        show(id, result, after, model);
        return "selftest/batch :: progress";
    }

    @GetMapping(
            value = "/self-tests/batches/{id}/stream",
            produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream(@PathVariable long id, Authentication caller, HttpServletRequest request) {
        batch(id);
        return streams.open(
                changed -> batches.follow(id, changed), () -> batch(id).isOver(), caller, request);
    }

    @PostMapping("/self-tests/batches/{id}/cancel")
    String cancel(@PathVariable long id) {
        batches.cancel(id);
        return "redirect:/self-tests/batches/" + id;
    }

    private Batch batch(long id) {
        return batches.find(id).orElseThrow(() -> new NotFound("self-test batch", id));
    }
}

package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.AskedTooOften;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotAllowed;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.Refusal;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.selftest.HistoryFilter;
import org.sealpost.selftest.NewSelfTest;
import org.sealpost.selftest.PastTest;
import org.sealpost.selftest.SelfTest;
import org.sealpost.selftest.SelfTestSchedules;
import org.sealpost.selftest.SelfTestSchedules.NewSchedule;
import org.sealpost.selftest.SelfTests;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;
import org.sealpost.settings.TimeSpan;
import org.sealpost.smtp.Listeners;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.UriComponentsBuilder;

/** Self-tests: started by a form, watched while they run, and kept. */
@Controller
class SelfTestPages {

    private static final String LIST = "selftest/list";

    private final SelfTests tests;
    private final SelfTestSchedules schedules;
    private final Listeners listeners;
    private final TlsPolicies policies;
    private final Settings settings;
    private final SelfTestStreams streams;
    private final Clock clock;

    SelfTestPages(
            SelfTests tests,
            SelfTestSchedules schedules,
            Listeners listeners,
            TlsPolicies policies,
            Settings settings,
            SelfTestStreams streams,
            Clock clock) {
        this.tests = tests;
        this.schedules = schedules;
        this.listeners = listeners;
        this.policies = policies;
        this.settings = settings;
        this.streams = streams;
        this.clock = clock;
    }

    /** A certificate of the chain that was shown. */
    public record Shown(String subject, String issuer, When ends, PrintView prints) {}

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/self-tests")
    String list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(defaultValue = "") String name,
            Model model) {
        fill(model, q, after);
        model.addAttribute("name", name);
        return LIST;
    }

    private void fill(Model model, @Nullable String q, @Nullable Long after) {
        var now = clock.instant();
        var here = UriComponentsBuilder.fromPath("/self-tests");
        if (q != null && !q.isBlank()) {
            here.queryParam("q", q);
        }
        HistoryFilter filter = HistoryFilter.text(q);
        List<SelfTest> found = tests.page(filter, true, after, Listing.SIZE + 1);
        model.addAttribute("q", q)
                .addAttribute("postmaster", settings.get(GeneralSettings.SECTION).postmaster())
                .addAttribute("schedules", schedules.list())
                .addAttribute(
                        "nightly", schedules.list().stream().anyMatch(one -> one.rules() != null))
                .addAttribute(
                        "listeners",
                        listeners.list().stream().map(one -> one.settings().name()).toList())
                .addAttribute(
                        "page",
                        Listing.of(found, tests.count(filter), here, after, SelfTest::id)
                                .map(test -> SelfTestRow.of(test, now)));
    }

    /**
     * Starts a test.
     *
     * @param kind {@code listener}, {@code nextHop} or {@code destination}; empty takes what has a
     *     bracket or a port for a next hop
     * @param message {@code yes} agrees to a real message to {@code messageTo}
     */
    @PostMapping("/self-tests")
    String start(
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String message,
            @RequestParam(defaultValue = "") String messageTo,
            Model model,
            HttpServletResponse response) {
        try {
            NewSelfTest asked = asked(kind, name.strip());
            return "redirect:/self-tests/"
                    + tests.start(
                                    message.equals("yes")
                                            ? new NewSelfTest(
                                                    asked.listener(),
                                                    asked.destination(),
                                                    asked.nextHop(),
                                                    messageTo)
                                            : asked)
                            .id();
        } catch (InvalidInput invalid) {
            return refused(
                    model, response, name, invalid, HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        } catch (NotAllowed refused) {
            return refused(model, response, name, refused, HttpServletResponse.SC_FORBIDDEN);
        } catch (Conflict busy) {
            return refused(model, response, name, busy, HttpServletResponse.SC_CONFLICT);
        } catch (AskedTooOften often) {
            return refused(model, response, name, often, 429);
        }
    }

    private String refused(
            Model model, HttpServletResponse response, String name, Refusal refusal, int status) {
        response.setStatus(status);
        fill(model, null, null);
        model.addAttribute("name", name).addAttribute("problems", FormProblems.of(refusal, "name"));
        return LIST;
    }

    private static NewSelfTest asked(String kind, String name) {
        return switch (kind) {
            case "listener" -> new NewSelfTest(name, null, null);
            case "nextHop" -> new NewSelfTest(null, null, name);
            case "destination" -> new NewSelfTest(null, name, null);
            default -> NewSelfTest.written(name);
        };
    }

    @GetMapping("/self-tests/{id}")
    String show(@PathVariable long id, Model model) {
        SelfTest test = test(id);
        var now = clock.instant();
        if (test.state().equals("done")) {
            model.addAttribute("trend", trend(test, now));
        }
        model.addAttribute("test", test)
                .addAttribute("row", SelfTestRow.of(test, now))
                .addAttribute("over", test.isOver())
                .addAttribute("chain", chain(test))
                .addAttribute(
                        "rule",
                        test.listener() != null
                                ? null
                                : RuleNow.of(policies, test.nextHop(), test.verdict())
                                        .orElse(null));
        return "selftest/show";
    }

    private SelfTestTrend trend(SelfTest test, Instant now) {
        List<PastTest> past = tests.history(test.id(), SelfTestTrend.MOST);
        SelfTest before = past.size() < 2 ? null : tests.find(past.get(1).id()).orElse(null);
        return SelfTestTrend.of(past, test, before, now);
    }

    @GetMapping(value = "/self-tests/{id}/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream(@PathVariable long id, Authentication caller, HttpServletRequest request) {
        test(id);
        return streams.open(
                changed -> tests.follow(id, changed), () -> test(id).isOver(), caller, request);
    }

    /** Tests the same again and again. */
    @PostMapping("/self-tests/schedules")
    String schedule(
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "24h") String every,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        try {
            boolean rules = kind.equals("rules");
            NewSelfTest asked =
                    rules ? new NewSelfTest(null, null, null) : asked(kind, name.strip());
            schedules.create(
                    new NewSchedule(
                            asked.listener(),
                            asked.destination(),
                            asked.nextHop(),
                            rules ? name : null,
                            TimeSpan.parse(every).orElse(null)));
        } catch (InvalidInput invalid) {
            return refused(
                    model, response, name, invalid, HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        } catch (NotAllowed refused) {
            return refused(model, response, name, refused, HttpServletResponse.SC_FORBIDDEN);
        } catch (Conflict known) {
            return refused(model, response, name, known, HttpServletResponse.SC_CONFLICT);
        }
        flash.addFlashAttribute(
                "flash",
                kind.equals("rules")
                        ? "The rules at " + name + " and above are tested every night."
                        : name.strip() + " is tested by schedule from now on.");
        return "redirect:/self-tests";
    }

    @PostMapping("/self-tests/schedules/{id}/remove")
    String unschedule(@PathVariable long id, RedirectAttributes flash) {
        schedules.delete(id);
        flash.addFlashAttribute("flash", "The schedule is removed.");
        return "redirect:/self-tests";
    }

    /** What a page that watches asks for at each change. */
    @GetMapping("/self-tests/{id}/progress")
    String progress(@PathVariable long id, Model model) {
        show(id, model);
        return "selftest/show :: progress";
    }

    @PostMapping("/self-tests/{id}/cancel")
    String cancel(@PathVariable long id) {
        tests.cancel(id);
        return "redirect:/self-tests/" + id;
    }

    /** To hand on; the API says the same. */
    @GetMapping("/self-tests/{id}/json")
    ResponseEntity<SelfTest> json(@PathVariable long id) {
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"self-test-" + id + ".json\"")
                .body(test(id));
    }

    private SelfTest test(long id) {
        return tests.find(id).orElseThrow(() -> new NotFound("self-test", id));
    }

    /** Of the first server that showed one. */
    private List<Shown> chain(SelfTest test) {
        var now = clock.instant();
        return test.targets().stream()
                .map(target -> target.chain())
                .filter(chain -> !chain.isEmpty())
                .findFirst()
                .orElse(List.of())
                .stream()
                .map(one ->
                        new Shown(
                                one.subject(),
                                one.issuer(),
                                When.of(one.notAfter(), now),
                                PrintView.of(one.fingerprints())))
                .toList();
    }
}

package org.sealpost.console;

import io.github.wimdeblauwe.htmx.spring.boot.mvc.HxRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.QueueId;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.util.UriComponentsBuilder;

/** The queue: what waits, and why. */
@Controller
class QueuePages {

    private static final String LIST = "queue/list";

    private static final ErrorPage GONE =
            new ErrorPage(
                    404,
                    "Not in the queue",
                    "No message of that id waits: it was delivered, returned or removed.",
                    "Search the live log for the id to see what became of it.");

    private final QueuedMessages queue;
    private final TlsPolicies policies;
    private final Clock clock;

    QueuePages(QueuedMessages queue, TlsPolicies policies, Clock clock) {
        this.queue = queue;
        this.policies = policies;
        this.clock = clock;
    }

    /** What the list shows, as the address carries it. */
    record Filter(@Nullable String q, @Nullable String state, @Nullable String nextHop) {

        QueueFilter known() {
            boolean known = state != null && QueueFilter.STATES.contains(state);
            return new QueueFilter(q, known ? state : null, nextHop);
        }

        Filter in(@Nullable String other) {
            return new Filter(q, other, nextHop);
        }

        UriComponentsBuilder address() {
            var address = UriComponentsBuilder.fromPath("/queue");
            QueueFilter known = known();
            if (known.state() != null) {
                address.queryParam("state", known.state());
            }
            if (known.q() != null) {
                address.queryParam("q", q);
            }
            if (known.nextHop() != null) {
                address.queryParam("nextHop", nextHop);
            }
            return address;
        }
    }

    /** A tab above the list; its count knows nothing of the text searched. */
    public record Tab(String label, long count, String href, boolean current) {}

    @GetMapping("/queue")
    String list(
            Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        fill(model, filter, after);
        return LIST;
    }

    @HxRequest
    @GetMapping("/queue")
    String rows(
            Filter filter, @RequestParam(required = false) @Nullable String after, Model model) {
        fill(model, filter, after);
        return LIST + " :: rows";
    }

    private void fill(Model model, Filter filter, @Nullable String after) {
        QueueFilter known = filter.known();
        QueueId last = after == null ? null : QueueId.parse(after).orElse(null);
        List<QueuedMessage> found = queue.page(known, last, Listing.SIZE + 1);
        var now = clock.instant();
        model.addAttribute("filter", filter)
                .addAttribute("filtered", !known.equals(QueueFilter.ALL))
                .addAttribute("tabs", tabs(filter, known.state()))
                .addAttribute(
                        "allHref",
                        filter.address().replacePath("/queue/all").build().encode().toUriString())
                .addAttribute(
                        "page",
                        Listing.of(
                                        found,
                                        queue.count(known),
                                        filter.address(),
                                        last,
                                        QueuedMessage::id)
                                .map(message -> QueueRow.of(message, now)));
    }

    private List<Tab> tabs(Filter filter, @Nullable String state) {
        Map<String, Long> counts = queue.countByState();
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        return Stream.of("", "active", "deferred", "held")
                .map(one ->
                        new Tab(
                                one.isEmpty()
                                        ? "All"
                                        : Character.toUpperCase(one.charAt(0)) + one.substring(1),
                                one.isEmpty() ? all : counts.getOrDefault(one, 0L),
                                filter.in(one).address().build().encode().toUriString(),
                                one.isEmpty() ? state == null : one.equals(state)))
                .toList();
    }

    @GetMapping("/queue/{id}")
    ModelAndView message(@PathVariable String id, HttpServletRequest request) {
        return QueueId.parse(id)
                .flatMap(queue::find)
                .map(this::explain)
                .orElseGet(() -> GONE.show(request));
    }

    private ModelAndView explain(QueuedMessage message) {
        var page = new ModelAndView("queue/message");
        page.addObject("story", QueueStory.of(message, clock.instant()));
        RuleNow.of(policies, message.nextHop(), message.lastVerdict())
                .ifPresent(rule -> page.addObject("rule", rule));
        return page;
    }
}

package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.console.QueuePages.Filter;
import org.sealpost.delivery.QueueOrder;
import org.sealpost.delivery.QueueOrders;
import org.sealpost.delivery.QueueOrders.NewRoute;
import org.sealpost.delivery.QueueOrders.Outcome;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotAllowed;
import org.sealpost.queue.QueueFilter;
import org.sealpost.queue.QueuedMessages;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** One order for all messages that match a search, however many pages they fill. */
@Controller
@PreAuthorize("hasAuthority('queue:write')")
class QueueAllPages {

    private static final String PAGE = "queue/all";
    private static final String ROUTE = "route";

    private final QueuedMessages queue;
    private final QueueOrders orders;

    QueueAllPages(QueuedMessages queue, QueueOrders orders) {
        this.queue = queue;
        this.orders = orders;
    }

    /**
     * What the form says.
     *
     * @param to the new next hop, for the action route
     * @param count how many messages, as the person typed it; asked where they will be gone
     */
    public record AllForm(
            @Nullable String action,
            @Nullable String to,
            @Nullable Boolean weaker,
            @Nullable String count) {

        static final AllForm EMPTY = new AllForm(null, "", null, "");

        /** Whether the messages are gone afterwards. */
        boolean ends() {
            return QueueOrder.BOUNCE.word().equals(action)
                    || QueueOrder.DELETE.word().equals(action);
        }
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/queue/all")
    String ask(Filter filter, Model model) {
        return show(model, filter, AllForm.EMPTY);
    }

    @PostMapping("/queue/all")
    String perform(
            Filter filter,
            AllForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        FormProblems problems;
        try {
            tell(act(filter.known(), form), form, flash);
            return "redirect:" + filter.address().build().encode().toUriString();
        } catch (InvalidInput invalid) {
            problems = FormProblems.of(invalid);
        } catch (NotAllowed notAllowed) {
            problems = FormProblems.of(notAllowed, "to");
        }
        response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        model.addAttribute("problems", problems);
        return show(model, filter, form);
    }

    private Outcome act(QueueFilter filter, AllForm form) {
        if (ROUTE.equals(form.action())) {
            String to = form.to() == null ? "" : form.to();
            return orders.reroute(
                    new NewRoute(to, null, Boolean.TRUE.equals(form.weaker())), filter);
        }
        QueueOrder order =
                Optional.ofNullable(form.action())
                        .flatMap(QueueOrder::parse)
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "action",
                                        "It is not said what to do with them.",
                                        "Choose one of the actions."));
        String count = String.valueOf(queue.count(filter));
        if (form.ends() && !count.equals(form.count() == null ? "" : form.count().strip())) {
            throw new InvalidInput(
                    "count",
                    "The number of messages was not typed, or is another one by now.",
                    "Type " + count + " if all of them are meant.");
        }
        return orders.perform(order, filter);
    }

    private static void tell(Outcome outcome, AllForm form, RedirectAttributes flash) {
        int done = outcome.done();
        String what =
                ROUTE.equals(form.action())
                        ? "sent another way"
                        : QueueOrder.parse(String.valueOf(form.action()))
                                .map(QueueOrder::done)
                                .orElse("");
        flash.addFlashAttribute(
                "flash",
                QueueActionPages.number(done) + (done == 1 ? " is " : " are ") + what + ".");
        if (outcome.refused() > 0 || outcome.more()) {
            var sentences =
                    Stream.of(
                            outcome.refused() > 0 ? outcome.refused() + " are as they were:" : "",
                            String.join(" ", outcome.reasons().stream().limit(3).toList()),
                            outcome.more() ? "There are more; give the order again." : "");
            flash.addFlashAttribute(
                    "warning", String.join(" ", sentences.filter(one -> !one.isEmpty()).toList()));
        }
    }

    private String show(Model model, Filter filter, AllForm form) {
        long count = queue.count(filter.known());
        model.addAttribute("filter", filter)
                .addAttribute("form", form)
                .addAttribute("actions", ACTIONS)
                .addAttribute("count", count)
                .addAttribute("words", count == 1 ? "1 message" : count + " messages")
                .addAttribute("back", filter.address().build().encode().toUriString());
        return PAGE;
    }

    /** An action with what it does. */
    public record Choice(String word, String about) {}

    private static final List<Choice> ACTIONS =
            List.of(
                    new Choice("retry", "Try them now"),
                    new Choice("hold", "Hold them until they are released"),
                    new Choice("release", "Release those that are held"),
                    new Choice(ROUTE, "Send them another way"),
                    new Choice("bounce", "Return them to their senders, who are told"),
                    new Choice("delete", "Delete them; nobody is told"));
}

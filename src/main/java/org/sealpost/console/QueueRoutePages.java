package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.QueueOrders;
import org.sealpost.delivery.QueueOrders.NewRoute;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotAllowed;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.QueuedMessages;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Sends the messages that are ticked another way: asks where to, and does it. */
@Controller
class QueueRoutePages {

    private final QueuedMessages queue;
    private final QueueOrders orders;
    private final Clock clock;

    QueueRoutePages(QueuedMessages queue, QueueOrders orders, Clock clock) {
        this.queue = queue;
        this.orders = orders;
        this.clock = clock;
    }

    /** What the form asks. */
    public record RouteForm(
            @Nullable List<String> id,
            @Nullable String nextHop,
            @Nullable String back,
            @Nullable Boolean weaker) {

        List<QueueId> ids() {
            return QueueActionPages.ids(id);
        }
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @PostMapping(path = "/queue/actions", params = "action=route")
    @PreAuthorize("hasAuthority('queue:write')")
    String ask(
            @RequestParam(name = "id", required = false) @Nullable List<String> given,
            @RequestParam(defaultValue = "/queue") String back,
            Model model,
            RedirectAttributes flash) {
        if (QueueActionPages.ids(given).isEmpty()) {
            flash.addFlashAttribute("warning", QueueActionPages.NONE_CHOSEN);
            return "redirect:" + QueueActionPages.place(back);
        }
        return show(model, new RouteForm(given, "", back, false));
    }

    @PostMapping("/queue/route")
    @PreAuthorize("hasAuthority('queue:write')")
    String send(
            RouteForm form, Model model, HttpServletResponse response, RedirectAttributes flash) {
        var order =
                new NewRoute(
                        form.nextHop() == null ? "" : form.nextHop(),
                        null,
                        Boolean.TRUE.equals(form.weaker()));
        int done = 0;
        var reasons = new ArrayList<String>();
        Optional<FormProblems> problems = Optional.empty();
        for (QueueId id : form.ids()) {
            try {
                orders.reroute(order, id.text());
                done++;
            } catch (NotFound | Conflict notNow) {
                reasons.add(notNow.getMessage());
            } catch (NotAllowed notAllowed) {
                problems = Optional.of(FormProblems.of(notAllowed, "nextHop"));
            } catch (InvalidInput invalid) {
                problems = Optional.of(FormProblems.of(invalid));
                reasons.add(invalid.getMessage());
            }
        }
        if (done == 0 && problems.isPresent()) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", problems.get());
            return show(model, form);
        }
        if (done > 0) {
            flash.addFlashAttribute(
                    "flash",
                    QueueActionPages.number(done)
                            + (done == 1 ? " goes" : " go")
                            + (order.nextHop() == null || order.nextHop().isBlank()
                                    ? " where the routes say from now on."
                                    : " to " + order.nextHop() + " from now on."));
        }
        if (!reasons.isEmpty()) {
            flash.addFlashAttribute(
                    "warning",
                    "Not all: " + String.join(" ", reasons.stream().distinct().limit(3).toList()));
        }
        return "redirect:" + QueueActionPages.place(form.back());
    }

    private String show(Model model, RouteForm form) {
        var now = clock.instant();
        List<QueueRow> rows =
                form.ids().stream()
                        .flatMap(id -> queue.find(id).stream())
                        .map(message -> QueueRow.of(message, now))
                        .toList();
        model.addAttribute("form", form)
                .addAttribute("rows", rows)
                .addAttribute("words", QueueActionPages.number(rows.size()));
        return "queue/route";
    }
}

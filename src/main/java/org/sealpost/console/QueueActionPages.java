package org.sealpost.console;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.QueueOrder;
import org.sealpost.delivery.QueueOrders;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.QueuedMessages;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What the buttons of the queue do, to one message or to those that are ticked. */
@Controller
class QueueActionPages {

    static final String NONE_CHOSEN = "No message was chosen: tick some first.";

    private static final int MOST = 500;

    /** After these a message is gone, so they are asked about first. */
    private static final Set<String> ENDS =
            Set.of(QueueOrder.BOUNCE.word(), QueueOrder.DELETE.word());

    private final QueuedMessages queue;
    private final QueueOrders orders;
    private final Clock clock;

    QueueActionPages(QueuedMessages queue, QueueOrders orders, Clock clock) {
        this.queue = queue;
        this.orders = orders;
        this.clock = clock;
    }

    @PostMapping(path = "/queue/actions", params = "action!=route")
    @PreAuthorize("hasAuthority('queue:write')")
    String act(
            @RequestParam String action,
            @RequestParam(name = "id", required = false) @Nullable List<String> given,
            @RequestParam(defaultValue = "false") boolean confirmed,
            @RequestParam(defaultValue = "/queue") String back,
            Model model,
            RedirectAttributes flash) {
        List<QueueId> ids = ids(given);
        if (ids.isEmpty()) {
            flash.addFlashAttribute("warning", NONE_CHOSEN);
        } else if (ENDS.contains(action) && !confirmed) {
            return confirm(action, ids, back, model);
        } else {
            perform(action, ids, flash);
        }
        return "redirect:" + place(back);
    }

    /** Where to return to; nowhere but to the queue. */
    static String place(@Nullable String back) {
        return back != null && back.matches("/(?:queue|live/message)([?/][A-Za-z0-9_/?=&.%+:-]*)?")
                ? back
                : "/queue";
    }

    private String confirm(String action, List<QueueId> ids, String back, Model model) {
        var now = clock.instant();
        List<QueueRow> rows =
                ids.stream()
                        .flatMap(id -> queue.find(id).stream())
                        .map(message -> QueueRow.of(message, now))
                        .toList();
        model.addAttribute("rows", rows)
                .addAttribute("count", rows.size())
                .addAttribute("returns", action.equals(QueueOrder.BOUNCE.word()));
        // The page of a message that is gone is no place to return to.
        model.addAttribute("back", back.startsWith("/queue/") ? "/queue" : back);
        return "queue/end";
    }

    private void perform(String action, List<QueueId> ids, RedirectAttributes flash) {
        QueueOrder order =
                QueueOrder.parse(action)
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "action",
                                        "There is no such action.",
                                        "Use the buttons of the page."));
        int count = 0;
        Map<String, Integer> refused = new LinkedHashMap<>();
        for (QueueId id : ids) {
            try {
                orders.perform(order, id.text());
                count++;
            } catch (NotFound gone) {
                refused.merge("is not in the queue any more", 1, Integer::sum);
            } catch (Conflict conflict) {
                refused.merge(
                        "is being delivered, is in another state, or has no sender",
                        1,
                        Integer::sum);
            }
        }
        if (count > 0) {
            flash.addFlashAttribute(
                    "flash", number(count) + (count == 1 ? " is " : " are ") + order.done() + ".");
        }
        if (!refused.isEmpty()) {
            var sentences = new ArrayList<String>();
            refused.forEach((why, many) -> sentences.add(many + " of them " + why));
            flash.addFlashAttribute(
                    "warning",
                    ids.size() == 1
                            ? "The message " + refused.keySet().iterator().next() + "."
                            : "Not all: " + String.join("; ", sentences) + ".");
        }
    }

    static String number(int count) {
        return count == 1 ? "1 message" : count + " messages";
    }

    static List<QueueId> ids(@Nullable List<String> given) {
        return given == null
                ? List.of()
                : given.stream()
                        .flatMap(id -> QueueId.parse(id).stream())
                        .distinct()
                        .limit(MOST)
                        .toList();
    }
}

package org.sealpost.console;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.sealpost.eventlog.ConnectionEvent;
import org.sealpost.eventlog.ConnectionEvents;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.queue.QueuedMessages;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The story of one message, whether it still waits or is gone. */
@Controller
class MessagePages {

    private final ConnectionEvents events;
    private final QueuedMessages queue;
    private final TlsPolicies policies;
    private final Clock clock;

    MessagePages(ConnectionEvents events, QueuedMessages queue, TlsPolicies policies, Clock clock) {
        this.events = events;
        this.queue = queue;
        this.policies = policies;
        this.clock = clock;
    }

    @GetMapping("/live/message/{id}")
    String story(@PathVariable String id, Model model) {
        QueueId known = QueueId.parse(id).orElseThrow(() -> new NotFound("message", id));
        List<ConnectionEvent> told = events.ofMessage(known.text());
        if (told.isEmpty()) {
            throw new NotFound("message in the connection log", id);
        }
        model.addAttribute("story", MessageStory.of(known.text(), told, clock.instant()));
        Optional<QueuedMessage> waiting = queue.find(known);
        waiting.ifPresent(message -> {
            model.addAttribute("waiting", QueueRow.of(message, clock.instant()));
            RuleNow.of(policies, message.nextHop(), message.lastVerdict())
                    .ifPresent(rule -> model.addAttribute("rule", rule));
        });
        return "eventlog/message";
    }
}

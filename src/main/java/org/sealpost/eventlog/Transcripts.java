package org.sealpost.eventlog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.sealpost.delivery.events.DeliveryAttempted;
import org.sealpost.eventlog.ConnectionEvent.Step;
import org.sealpost.eventlog.Watches.Transcript;
import org.sealpost.smtp.events.InboundSession;

/** What was said in a session, fit to be kept: nothing that forges lines, and not too much. */
final class Transcripts {

    private static final int MOST_LINE = 2_000;
    private static final int MOST_OF_EVENT = 100_000;
    private static final int MOST_OF_WATCH = 500_000;

    private Transcripts() {}

    static List<Step> steps(InboundSession session) {
        return inbound(session, MOST_OF_EVENT);
    }

    static List<Step> steps(DeliveryAttempted attempt) {
        return outbound(attempt, MOST_OF_EVENT);
    }

    static Transcript of(InboundSession session, String text) {
        return new Transcript(
                session.at(),
                session.session(),
                session.queueIds().size() == 1 ? session.queueIds().getFirst() : null,
                session.peer(),
                text,
                inbound(session, MOST_OF_WATCH));
    }

    static Transcript of(DeliveryAttempted attempt) {
        return new Transcript(
                attempt.at(),
                attempt.session(),
                attempt.queueId(),
                EventText.cutOrNull(attempt.peer(), 400),
                EventText.line(attempt.text()),
                outbound(attempt, MOST_OF_WATCH));
    }

    private static List<Step> inbound(InboundSession session, int most) {
        return steps(
                session.steps(), InboundSession.Step::afterMillis, InboundSession.Step::line, most);
    }

    private static List<Step> outbound(DeliveryAttempted attempt, int most) {
        return steps(
                attempt.steps(),
                DeliveryAttempted.Step::afterMillis,
                DeliveryAttempted.Step::line,
                most);
    }

    private static <S> List<Step> steps(
            List<S> published, ToLongFunction<S> after, Function<S, String> line, int most) {
        var steps = new ArrayList<Step>();
        int length = 0;
        for (S step : published) {
            String text = EventText.cut(line.apply(step), MOST_LINE);
            length += text.length();
            if (length > most) {
                int left = published.size() - steps.size();
                steps.add(new Step(after.applyAsLong(step), left + " more lines are not kept"));
                break;
            }
            steps.add(new Step(after.applyAsLong(step), text));
        }
        return steps;
    }
}

package org.sealpost.testing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a scripted server does where; may change while it runs. */
final class PeerScript {

    /** What happens at a step instead of the usual answer. */
    sealed interface Turn {
        record Answer(String reply) implements Turn {}

        record Drop() implements Turn {}

        record Silence() implements Turn {}

        /** The usual answer, octet by octet with pauses, as a tarpit gives it. */
        record Drip() implements Turn {}
    }

    /**
     * How the server encrypts.
     *
     * @param protocols JSSE names; empty for all
     * @param suites JSSE names; empty for all
     */
    record Tls(SSLContext context, List<String> protocols, List<String> suites) {}

    private final Map<PeerStep, Turn> turns = new ConcurrentHashMap<>();
    private final Set<PeerStep> once = ConcurrentHashMap.newKeySet();
    private final Map<String, String> rcptReplies = new ConcurrentHashMap<>();
    volatile @Nullable Tls tls;
    private final Map<String, String> finalReplies = new ConcurrentHashMap<>();
    volatile boolean beginsWithTls;
    volatile boolean lmtp;
    volatile List<String> extensions = List.of();

    void set(PeerStep step, Turn turn) {
        turns.put(step, turn);
        once.remove(step);
    }

    void setOnce(PeerStep step, Turn turn) {
        turns.put(step, turn);
        once.add(step);
    }

    /** What happens now; what was meant for once is used up. */
    @Nullable Turn take(PeerStep step) {
        return once.remove(step) ? turns.remove(step) : turns.get(step);
    }

    void clear(PeerStep step) {
        turns.remove(step);
    }

    @Nullable Turn turn(PeerStep step) {
        return turns.get(step);
    }

    void setRcptReply(String text, @Nullable String reply) {
        if (reply == null) {
            rcptReplies.remove(text);
        } else {
            rcptReplies.put(text, reply);
        }
    }

    void setFinalReply(String text, String reply) {
        finalReplies.put(text, reply);
    }

    /** What an LMTP server says of a recipient after the whole message. */
    String finalReply(String command) {
        return finalReplies.entrySet().stream()
                .filter(one -> command.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse("250 2.1.5 kept");
    }

    String rcptReply(String command) {
        return rcptReplies.entrySet().stream()
                .filter(one -> command.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse("250 2.1.5 ok");
    }
}

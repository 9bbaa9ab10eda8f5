package org.sealpost.smtp;

import org.jspecify.annotations.Nullable;

/** A command that changes nothing and always has the same answer. */
final class FixedReply extends SmtpCommand {

    private final String reply;
    private final boolean inClear;
    private final @Nullable String withoutArgument;

    private FixedReply(
            String verb, String reply, boolean inClear, @Nullable String withoutArgument) {
        super(verb);
        this.reply = reply;
        this.inClear = inClear;
        this.withoutArgument = withoutArgument;
    }

    static FixedReply to(String verb, String reply) {
        return new FixedReply(verb, reply, false, null);
    }

    FixedReply alsoInClear() {
        return new FixedReply(getName(), reply, true, withoutArgument);
    }

    /** Needs an argument; without one the answer is another. */
    FixedReply withArgument(String otherwise) {
        return new FixedReply(getName(), reply, inClear, otherwise);
    }

    @Override
    String run(String argument, ClientSession client) {
        return argument.isEmpty() && withoutArgument != null ? withoutArgument : reply;
    }

    @Override
    boolean mayRunInClear() {
        return inClear;
    }

    @Override
    boolean isIdle() {
        return true;
    }
}

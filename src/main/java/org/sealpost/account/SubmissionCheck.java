package org.sealpost.account;

import java.util.List;

/** What became of an SMTP sign-in. */
public sealed interface SubmissionCheck {

    /**
     * The password is right.
     *
     * @param senders addresses and domains ({@code example.com}, {@code .example.com}) the account
     *     may use as envelope sender; empty allows any
     */
    record Accepted(String username, List<String> senders) implements SubmissionCheck {}

    /** No such account, or a wrong password: the client is not told which. */
    record Refused() implements SubmissionCheck {}

    /** Too many failures for this account from this address; tried again later it may succeed. */
    record Throttled() implements SubmissionCheck {}
}

package org.sealpost.selftest;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Self-tests of our listeners and of destinations. Everyone signed in reads them. */
public interface SelfTests {

    /**
     * Puts a test into the queue. Needs {@code selftests:write}.
     *
     * @throws org.sealpost.mail.InvalidInput when it is not clear what to test
     * @throws org.sealpost.mail.NotAllowed when the caller may not connect there
     * @throws org.sealpost.mail.AskedTooOften when the caller asks too often
     */
    SelfTest start(NewSelfTest asked);

    /** A test with what it has shown so far. */
    Optional<SelfTest> find(long id);

    /**
     * Ends a test early; one that is over stays as it is. Needs {@code selftests:write}.
     *
     * @throws org.sealpost.mail.NotFound when there is none
     */
    SelfTest cancel(long id);

    /**
     * A page of tests, without transcripts and chains.
     *
     * @param seen the last id of the page before; null for the first page
     */
    List<SelfTest> page(HistoryFilter filter, boolean newestFirst, @Nullable Long seen, int size);

    long count(HistoryFilter filter);

    /**
     * What the tests of the same found that ran to their end, up to this one and newest first.
     *
     * @throws org.sealpost.mail.NotFound when there is no such test
     */
    List<PastTest> history(long id, int size);

    /**
     * Is called, until the result is closed, whenever a test shows more; it must return at once.
     */
    Following follow(long id, Runnable changed);
}

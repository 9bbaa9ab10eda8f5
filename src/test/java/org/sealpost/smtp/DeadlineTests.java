package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlineTests {

    private long nanos = 17;
    private final Deadline deadline = new Deadline(Duration.ofSeconds(10), () -> nanos);

    @Test
    void aDrippingClientRunsOutOfTime() throws Exception {
        for (int second = 0; second < 10; second++) {
            assertThat(deadline.beginRead()).isPositive();
            pass(1000);
            deadline.endRead(1);
        }
        pass(0);
        assertThat(deadline.beginRead()).isLessThan(100); // what ten octets have earned
        pass(100);
        deadline.endRead(1);

        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(deadline::beginRead);
    }

    @Test
    void aSlowButSteadyClientMayGoOn() throws Exception {
        for (int second = 0; second < 60; second++) {
            deadline.beginRead();
            pass(1000);
            deadline.endRead(Deadline.LEAST_OCTETS_PER_SECOND);
        }
        assertThat(deadline.beginRead()).isEqualTo(10_000);
    }

    @Test
    void aBurstEarnsNoPauseLongerThanAWait() throws Exception {
        deadline.beginRead();
        deadline.endRead(50_000_000);

        assertThat(deadline.beginRead()).isEqualTo(10_000);
    }

    @Test
    void timeThatWeTakeIsNotTheClients() throws Exception {
        deadline.beginRead();
        deadline.endRead(1);
        pass(60_000); // the disk is slow

        assertThat(deadline.beginRead()).isEqualTo(10_000);
    }

    @Test
    void noSessionLastsForEver() throws Exception {
        for (int i = 0; i < Deadline.LONGEST_SESSION; i++) {
            deadline.restart();
            deadline.beginRead();
            pass(9_990);
            deadline.endRead(10);
        }
        pass(2_000);
        deadline.restart();

        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(deadline::beginRead);
    }

    @Test
    void aHangingReadOrWriteIsSeenFromOutside() throws Exception {
        assertThat(deadline.isMissed()).isFalse();
        deadline.beginOther();
        pass(14_000);
        assertThat(deadline.isMissed()).isFalse(); // a read's own timeout comes first
        pass(2_000);
        assertThat(deadline.isMissed()).isTrue();
        deadline.endOther();
        assertThat(deadline.isMissed()).isFalse();

        deadline.restart();
        deadline.beginRead();
        pass(16_000);
        assertThat(deadline.isMissed()).isTrue();
        deadline.endRead(0);
        assertThat(deadline.isMissed()).isFalse();
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }
}

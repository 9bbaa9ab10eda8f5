package org.sealpost.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SnapshotTests {

    private final AtomicInteger loads = new AtomicInteger();
    private boolean broken;
    private final Snapshot<Integer> snapshot = new Snapshot<>(this::load);

    @Test
    void loadsOnceUntilItIsInvalidated() {
        assertThat(snapshot.get()).isEqualTo(1);
        assertThat(snapshot.get()).isEqualTo(1);

        snapshot.invalidate();

        assertThat(snapshot.get()).isEqualTo(2);
    }

    @Test
    void aFailedLoadNeverBringsTheOldValueBack() {
        snapshot.get();
        snapshot.invalidate();
        broken = true;

        assertThatIllegalStateException().isThrownBy(snapshot::get);
        assertThatIllegalStateException().isThrownBy(snapshot::get);
    }

    private int load() {
        if (broken) {
            throw new IllegalStateException("the database does not answer");
        }
        return loads.incrementAndGet();
    }
}

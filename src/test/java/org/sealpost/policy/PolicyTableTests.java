package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serial;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sealpost.mail.NextHop;
import org.sealpost.tls.TlsLevel;

/** A look-up does the same few steps in a small and in a very large table. */
class PolicyTableTests {

    private static final NextHop DEEP = NextHop.parse("a.b.c.example.com").orElseThrow();

    @Test
    void aLookUpAmongAMillionRulesTakesAsManyStepsAsAmongTen() {
        assertThat(steps(1_000_000)).isEqualTo(steps(10)).isEqualTo(5);
    }

    @Test
    void aChangeCopiesOnlyTheChanges() {
        var base = new CountingMap();
        for (int i = 0; i < 100_000; i++) {
            base.put("host" + i + ".example", rule("host" + i + ".example", i));
        }
        PolicyTable table = PolicyTable.over(base);

        PolicyTable changed =
                table.with(
                        Map.of(
                                "host1.example", Optional.empty(),
                                "new.example", Optional.of(rule("new.example", 7))));

        assertThat(base.copies).isZero(); // before all() walks it
        assertThat(changed.get("host1.example")).isNull();
        assertThat(changed.get("new.example")).isNotNull();
        assertThat(table.get("host1.example")).isNotNull();
        assertThat(table.get("new.example")).isNull();
        assertThat(changed.all()).hasSize(100_000);
    }

    @Test
    void manyChangesAtOnceEndUpInOneTable() {
        PolicyTable table = PolicyTable.of(List.of(rule("old.example", 1)));
        var many = new HashMap<String, Optional<TlsPolicy>>();
        for (int i = 0; i < 5_000; i++) {
            many.put("n" + i + ".example", Optional.of(rule("n" + i + ".example", i)));
        }
        many.put("old.example", Optional.empty());

        PolicyTable changed = table.with(many);

        assertThat(changed.all()).hasSize(5_000);
        assertThat(changed.get("old.example")).isNull();
        assertThat(changed.get("n4999.example")).isNotNull();
    }

    private static int steps(int size) {
        var base = new CountingMap();
        for (int i = 0; i < size; i++) {
            base.put("host" + i + ".example", rule("host" + i + ".example", i));
        }
        PolicyTable table = PolicyTable.over(base);
        base.gets = 0;
        for (String key : DEEP.lookupKeys()) {
            assertThat(table.get(key)).isNull();
        }
        return base.gets;
    }

    private static TlsPolicy rule(String key, long id) {
        return new TlsPolicy(
                id, key, TlsLevel.SECURE, PolicyAttributes.NONE, "enforced", null, "", 0);
    }

    /** Counts what is asked of it. */
    private static final class CountingMap extends HashMap<String, TlsPolicy> {
        @Serial private static final long serialVersionUID = 1;
        private int gets;
        private int copies;

        @Override
        public @Nullable TlsPolicy get(@Nullable Object key) {
            gets++;
            return super.get(key);
        }

        @Override
        public java.util.Set<Map.Entry<String, TlsPolicy>> entrySet() {
            copies++;
            return super.entrySet();
        }
    }
}

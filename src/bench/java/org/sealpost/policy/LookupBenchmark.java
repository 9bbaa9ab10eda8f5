package org.sealpost.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sealpost.mail.NextHop;
import org.sealpost.tls.TlsLevel;

/** What it costs to ask and to change the policy table, by its size. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx2g")
public class LookupBenchmark {

    private static final int QUESTIONS = 1 << 12;

    @Param({"10", "1000", "1000000"})
    public int rules;

    private PolicyTable table = PolicyTable.of(List.of());
    private final List<List<String>> questions = new ArrayList<>();
    private int next;

    /** Half of the questions match a rule at once, the others try every parent for nothing. */
    @Setup
    public void fill() {
        var all = new ArrayList<TlsPolicy>();
        for (int i = 0; i < rules; i++) {
            all.add(rule(i, "host" + i + ".example"));
        }
        table = PolicyTable.of(all);
        for (int i = 0; i < QUESTIONS; i++) {
            String host =
                    i % 2 == 0
                            ? "host" + (int) ((long) i * rules / QUESTIONS) + ".example"
                            : "a.b" + i + ".none.invalid";
            questions.add(NextHop.parse(host).orElseThrow().lookupKeys());
        }
    }

    /** The look-ups of one next hop. */
    @Benchmark
    public TlsPolicy lookUp() {
        next = (next + 1) & (QUESTIONS - 1);
        for (String key : questions.get(next)) {
            TlsPolicy rule = table.get(key);
            if (rule != null) {
                return rule;
            }
        }
        return null;
    }

    /** One changed rule: a new table that shares the large part. */
    @Benchmark
    public Object change() {
        return table.with(Map.of("changed.example", Optional.of(rule(0, "changed.example"))));
    }

    private static TlsPolicy rule(long id, String key) {
        return new TlsPolicy(
                id, key, TlsLevel.SECURE, PolicyAttributes.NONE, TlsPolicy.ENFORCED, null, "", 0);
    }
}

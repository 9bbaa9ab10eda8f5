package org.sealpost.selftest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which self-tests to list; null shows all.
 *
 * @param q part of what was tested
 * @param batch which they are part of
 * @param result one of {@link #RESULTS}
 */
public record HistoryFilter(@Nullable String q, @Nullable Long batch, @Nullable String result) {

    /** Mail would go out over TLS. */
    public static final String ENCRYPTED = "encrypted";

    /** Mail would go out in clear text. */
    public static final String CLEAR = "clear";

    /** Mail would wait. */
    public static final String WAITS = "waits";

    /** Something is worse than in the test before. */
    public static final String WORSE = "worse";

    public static final List<String> RESULTS = List.of(ENCRYPTED, CLEAR, WAITS, WORSE);

    /** Only tests of what contains the text. */
    public static HistoryFilter text(@Nullable String q) {
        return new HistoryFilter(q, null, null);
    }
}

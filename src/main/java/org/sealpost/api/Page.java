package org.sealpost.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor to be sent as {@code cursor} for the next page; null on the last one
 * @param total how many items match altogether
 */
record Page<T>(List<T> items, @Nullable String nextCursor, long total) {

    static final int MOST = 500;

    /** A page of at most {@code size} items, read with one more to see whether there is a next. */
    static <T> Page<T> of(List<T> oneMore, int size, Function<T, Object> key, long total) {
        boolean more = oneMore.size() > size;
        List<T> items = more ? oneMore.subList(0, size) : oneMore;
        return new Page<>(
                List.copyOf(items), more ? cursor(key.apply(items.getLast())) : null, total);
    }

    <R> Page<R> map(Function<T, R> change) {
        return new Page<>(items.stream().map(change).toList(), nextCursor, total);
    }

    /** How many items a request asks for. */
    static int size(@Nullable Integer wanted) {
        int size = wanted == null ? 50 : wanted;
        if (size < 1 || size > MOST) {
            throw new BadRequest("size", "The size is not between 1 and " + MOST + ".");
        }
        return size;
    }

    /** The key a cursor of ours holds; null without a cursor. */
    static @Nullable String key(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (text.startsWith("k:")) {
                return text.substring(2);
            }
        } catch (IllegalArgumentException notOurs) {
            // the same refusal as for a foreign one
        }
        throw new BadRequest("cursor", "The cursor is not one of ours.");
    }

    private static String cursor(Object key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("k:" + key).getBytes(StandardCharsets.UTF_8));
    }
}

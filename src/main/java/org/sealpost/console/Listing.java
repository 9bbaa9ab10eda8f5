package org.sealpost.console;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * A page of a list.
 *
 * @param total how many there are on all pages; -1 when that is not counted
 * @param firstHref to the first page; null when this is it
 * @param nextHref to the next page; null on the last one
 */
public record Listing<T>(
        List<T> items, long total, @Nullable String firstHref, @Nullable String nextHref) {

    static final int SIZE = 50;

    /**
     * Cuts a list that was read with one item more than a page has.
     *
     * @param here this page's address with its filters, without a cursor
     * @param after this page's cursor; null on the first page
     * @param key an item's cursor
     */
    static <T> Listing<T> of(
            List<T> oneMore,
            long total,
            UriComponentsBuilder here,
            @Nullable Object after,
            Function<T, Object> key) {
        boolean more = oneMore.size() > SIZE;
        List<T> items = List.copyOf(more ? oneMore.subList(0, SIZE) : oneMore);
        return new Listing<>(
                items,
                total,
                after == null ? null : here.cloneBuilder().build().encode().toUriString(),
                more
                        ? here.cloneBuilder()
                                .queryParam("after", "{after}")
                                .encode()
                                .buildAndExpand(key.apply(items.getLast()))
                                .toUriString()
                        : null);
    }

    <R> Listing<R> map(Function<T, R> view) {
        return new Listing<>(items.stream().map(view).toList(), total, firstHref, nextHref);
    }

    public boolean isEmpty() {
        return items.isEmpty();
    }
}

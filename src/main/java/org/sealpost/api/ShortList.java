package org.sealpost.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list that is short enough to be searched and sorted in memory; without a size, all of it is one
 * page.
 */
final class ShortList<T> {

    private final Collection<T> items;
    private final Function<T, String> words;
    private final SequencedMap<String, Function<T, String>> fields = new LinkedHashMap<>();

    /**
     * A list without an order yet.
     *
     * @param words what {@code q} is looked for in
     */
    ShortList(Collection<T> items, Function<T, String> words) {
        this.items = items;
        this.words = words;
    }

    /**
     * Adds a field to sort by; the first one is the usual order.
     *
     * @param key sorts as text and differs for each item
     */
    ShortList<T> by(String field, Function<T, String> key) {
        fields.put(field, key);
        return this;
    }

    Page<T> page(
            @Nullable String q,
            @Nullable String sort,
            @Nullable Integer size,
            @Nullable String cursor) {
        Sort wanted = Sort.of(sort, fields.firstEntry().getKey(), fields.sequencedKeySet());
        Function<T, String> key = Objects.requireNonNull(fields.get(wanted.field()));
        Comparator<String> order = wanted.order();
        String text = q == null ? "" : q.strip().toLowerCase(Locale.ROOT);
        String after = Page.key(cursor);
        List<T> found =
                items.stream()
                        .filter(one -> words.apply(one).toLowerCase(Locale.ROOT).contains(text))
                        .sorted(Comparator.comparing(key, order))
                        .toList();
        List<T> rest =
                after == null
                        ? found
                        : found.stream()
                                .filter(one -> order.compare(key.apply(one), after) > 0)
                                .toList();
        int most = size == null ? rest.size() : Page.size(size);
        return Page.of(
                rest.subList(0, Math.min(rest.size(), most + 1)), most, key::apply, found.size());
    }
}

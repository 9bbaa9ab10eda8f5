package org.sealpost.api;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The order a list is wanted in: a field's name, with a minus in front the other way round. */
record Sort(String field, boolean descending) {

    /**
     * Reads the parameter {@code sort}.
     *
     * @param usual the order when none is asked for
     * @param known the fields the list can be sorted by
     */
    static Sort of(@Nullable String asked, String usual, Collection<String> known) {
        String order = asked == null || asked.isBlank() ? usual : asked.strip();
        boolean descending = order.startsWith("-");
        String field = descending ? order.substring(1) : order;
        if (!known.contains(field)) {
            throw new BadRequest(
                    "sort",
                    "The order is none of "
                            + String.join(", ", known)
                            + ", or one of them with a minus in front.");
        }
        return new Sort(field, descending);
    }

    Comparator<String> order() {
        return descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
    }

    @Override
    public String toString() {
        return descending ? "-" + field : field;
    }
}

package org.sealpost.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A route's fields after their check, in canonical form.
 *
 * @param sender an address, a domain or {@code <>}; empty for all senders
 * @param protocol {@code smtp} or {@code lmtp}
 * @param auth a SASL mechanism; null for what the server offers
 * @param sourceAddresses separated by blanks; empty for the usual ones
 */
record RouteFields(
        String pattern,
        String sender,
        String nextHop,
        String protocol,
        @Nullable String username,
        @Nullable String auth,
        String sourceAddresses) {

    static RouteFields plain(String pattern, String nextHop) {
        return new RouteFields(pattern, "", nextHop, Way.Protocol.SMTP.word(), null, null, "");
    }
}

package org.sealpost.console;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.NextHop;

/**
 * Shows by examples which next hops a rule's key catches.
 *
 * @param key canonical; null while what was typed is no key
 */
public record KeyPreview(@Nullable String key, String reach, List<Sample> samples) {

    static final KeyPreview NONE = new KeyPreview(null, "", List.of());

    /** A next hop, and whether the key catches it. */
    public record Sample(String nextHop, boolean caught) {}

    static KeyPreview of(@Nullable String written) {
        String text = written == null ? "" : written.strip();
        boolean parent = text.startsWith(".");
        Optional<NextHop> hop = NextHop.parse(parent ? text.substring(1) : text);
        if (hop.isEmpty() || (parent && !hop.get().text().equals(hop.get().host()))) {
            return NONE;
        }
        String key = parent ? "." + hop.get().host() : hop.get().text();
        return new KeyPreview(
                key,
                reach(key),
                candidates(hop.get())
                        .flatMap(candidate -> NextHop.parse(candidate).stream())
                        .map(candidate ->
                                new Sample(candidate.text(), candidate.lookupKeys().contains(key)))
                        .toList());
    }

    /** What a key stands for, in words. */
    static String reach(String key) {
        if (key.startsWith(".")) {
            return "all sub-domains";
        }
        boolean port = key.matches(".*:[A-Za-z0-9-]+$") && !key.endsWith("]");
        if (key.startsWith("[")) {
            return port ? "this host and port" : "this host, no MX look-up";
        }
        return port ? "this domain, this port only" : "this domain";
    }

    private static Stream<String> candidates(NextHop hop) {
        String host = hop.host();
        String bare = hop.bracketed() ? "[" + host + "]" : host;
        boolean name = DomainName.parse(host).isPresent();
        return Stream.of(
                        bare,
                        name ? "a." + host : "",
                        name ? "[" + host + "]" : "",
                        name ? host : "",
                        bare + ":" + (hop.port() == null ? "25" : hop.port()))
                .distinct()
                .filter(text -> !text.isEmpty());
    }
}

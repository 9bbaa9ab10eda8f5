package org.sealpost.tls;

import java.util.Locale;
import java.util.Optional;
import org.sealpost.mail.DomainName;

/** A name a server certificate may carry, as {@code match=} lists them (Postfix semantics 1.4). */
public sealed interface NamePattern {

    /** The name that was used to reach the server: its MX name. DNS can forge it. */
    record Hostname() implements NamePattern {
        @Override
        public String text() {
            return "hostname";
        }
    }

    /** The next hop itself. */
    record Nexthop() implements NamePattern {
        @Override
        public String text() {
            return "nexthop";
        }
    }

    /** Any name below the next hop, at any depth. */
    record DotNexthop() implements NamePattern {
        @Override
        public String text() {
            return "dot-nexthop";
        }
    }

    /** Exactly this name. */
    record Exact(DomainName name) implements NamePattern {
        @Override
        public String text() {
            return name.text();
        }
    }

    /** Any name below this domain, at any depth, but not the domain itself. */
    record Below(DomainName domain) implements NamePattern {
        @Override
        public String text() {
            return "." + domain.text();
        }
    }

    /** The pattern as {@code match=} writes it. */
    String text();

    /** Reads one pattern; empty when it is neither a word nor a name. */
    static Optional<NamePattern> parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "hostname" -> Optional.of(new Hostname());
            case "nexthop" -> Optional.of(new Nexthop());
            case "dot-nexthop" -> Optional.of(new DotNexthop());
            default ->
                    text.startsWith(".")
                            ? DomainName.parse(text.substring(1)).map(Below::new)
                            : DomainName.parse(text).map(Exact::new);
        };
    }
}

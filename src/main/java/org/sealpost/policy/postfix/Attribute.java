package org.sealpost.policy.postfix;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The attributes of a {@code tls_policy} entry and how often each may stand there. */
enum Attribute {
    MATCH(Repeat.APPENDS),
    PROTOCOLS(Repeat.NEVER),
    CIPHERS(Repeat.NEVER),
    EXCLUDE(Repeat.NEVER),
    TAFILE(Repeat.APPENDS),
    SERVERNAME(Repeat.NEVER),
    CONNECTION_REUSE(Repeat.LAST_WINS),
    ENABLE_RPK(Repeat.LAST_WINS),
    POLICY_TYPE(Repeat.NEVER),
    POLICY_DOMAIN(Repeat.NEVER),
    POLICY_FAILURE(Repeat.NEVER),
    POLICY_STRING(Repeat.APPENDS),
    MX_HOST_PATTERN(Repeat.APPENDS),
    POLICY_TTL(Repeat.NEVER);

    /** What a second one means. */
    enum Repeat {
        NEVER,
        APPENDS,
        LAST_WINS
    }

    static final String KNOWN =
            Arrays.stream(values()).map(Attribute::word).collect(Collectors.joining(", "));

    private final Repeat repeat;

    Attribute(Repeat repeat) {
        this.repeat = repeat;
    }

    static Optional<Attribute> parse(String name) {
        return Arrays.stream(values())
                .filter(attribute -> attribute.word().equalsIgnoreCase(name))
                .findAny();
    }

    /** The name, in the file as in the API. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Repeat repeat() {
        return repeat;
    }

    boolean isList() {
        return repeat == Repeat.APPENDS;
    }
}

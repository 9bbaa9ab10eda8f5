package org.sealpost.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a rule as Postfix spells them; null or empty when not given.
 *
 * @param match names (verify, secure) or fingerprints (fingerprint)
 * @param protocols e.g. {@code >=TLSv1.2}
 * @param ciphers {@code high}, {@code medium} or {@code null}
 * @param exclude OpenSSL names separated by colons
 * @param tafile certificate ids, or PEM paths below {@code sealpost.home/trust}
 * @param servername the SNI name, or {@code hostname} or {@code nexthop}
 * @param connect {@code auto}, {@code starttls} or {@code implicit}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PolicyAttributes(
        @Nullable List<String> match,
        @Nullable String protocols,
        @Nullable String ciphers,
        @Nullable String exclude,
        @Nullable List<String> tafile,
        @Nullable String servername,
        @Nullable String connect) {

    public static final PolicyAttributes NONE =
            new PolicyAttributes(null, null, null, null, null, null, null);
}

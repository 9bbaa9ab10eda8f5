package org.sealpost.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the judge ruled on a session: may this message go out over it, and why. */
public sealed interface Verdict {

    Evidence evidence();

    /** The session is encrypted and proved what the rule asks for. */
    record DeliverEncrypted(Evidence evidence) implements Verdict {}

    /** The rule allows clear text here. */
    record DeliverClear(Evidence evidence, ClearReason reason) implements Verdict {}

    /** The mail waits. */
    record Defer(Evidence evidence, TlsRefusal refusal) implements Verdict {}

    /** Why clear text is allowed. */
    enum ClearReason {
        LEVEL_NONE,
        NOT_OFFERED,
        STARTTLS_REFUSED,
        FALLBACK
    }

    /** How far the server proved who it is, as Postfix logs it. */
    enum Status {
        /** It presented no certificate. */
        ANONYMOUS,
        /** Its chain leads to no trust anchor. */
        UNTRUSTED,
        /** Its chain is trusted, but no name or pin had to match, or none did. */
        TRUSTED,
        /** It matched what a level above encrypt asks for. */
        VERIFIED;

        public String word() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the ruling rests on.
     *
     * @param status null without TLS
     * @param protocol null without TLS
     * @param cipher the suite as OpenSSL names it; null without TLS
     * @param chain leaf first; empty without TLS
     */
    record Evidence(
            TlsLevel level,
            @Nullable String matchedKey,
            @Nullable Status status,
            @Nullable String protocol,
            @Nullable String cipher,
            List<TlsCheck> checks,
            List<X509Certificate> chain) {

        public Evidence {
            checks = List.copyOf(checks);
            chain = List.copyOf(chain);
        }
    }

    /** The ruling as everybody shows it. */
    default VerdictDocument document() {
        return VerdictDocuments.of(this);
    }
}

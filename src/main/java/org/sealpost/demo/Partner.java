package org.sealpost.demo;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The organisations of the demo and what each of their servers does. */
enum Partner {
    HOSPITAL("hospital.example", Identity.TRUSTED, "secure", "The contract asks for secure."),
    AUTHORITY("authority.example", Identity.SELF_SIGNED, "fingerprint", "Pinned by telephone."),
    INSURER("insurer.example", Identity.SELF_SIGNED, "secure", "Promised a public certificate."),
    LABORATORY("laboratory.example", Identity.WRONG_NAME, "verify", "Moved to another provider."),
    PHARMACY("pharmacy.example", Identity.EXPIRED, "secure", "Renews by hand."),
    COURIER("courier.example", Identity.SELF_SIGNED, "fingerprint", "Pinned last year."),
    ARCHIVE("archive.example", Identity.NONE, "encrypt", "Has yet to offer STARTTLS."),
    NEWSLETTER("newsletter.example", Identity.SELF_SIGNED, null, ""),
    FORMER("former.example", Identity.TRUSTED, null, ""),
    /** Whose mail is relayed: it gets the notices about what could not be delivered. */
    CLINIC("clinic.example", Identity.TRUSTED, null, "");

    /** What a partner's server presents. */
    enum Identity {
        TRUSTED,
        SELF_SIGNED,
        WRONG_NAME,
        EXPIRED,
        /** It does not offer STARTTLS. */
        NONE
    }

    private final String domain;
    private final Identity identity;
    private final @Nullable String level;
    private final String note;

    Partner(String domain, Identity identity, @Nullable String level, String note) {
        this.domain = domain;
        this.identity = identity;
        this.level = level;
        this.note = note;
    }

    static List<Partner> receivers() {
        return Arrays.stream(values()).filter(partner -> partner != CLINIC).toList();
    }

    String domain() {
        return domain;
    }

    String mailServer() {
        return "mx." + domain;
    }

    Identity identity() {
        return identity;
    }

    /** The level of its rule; null when it has none. */
    @Nullable String level() {
        return level;
    }

    String note() {
        return note;
    }

    /** Whether its server does not prove what its rule asks for, so that its mail waits. */
    boolean fails() {
        return switch (this) {
            case INSURER, LABORATORY, PHARMACY, COURIER, ARCHIVE -> true;
            case HOSPITAL, AUTHORITY, NEWSLETTER, FORMER, CLINIC -> false;
        };
    }

    /** Whether its server knows none of the recipients. */
    boolean knowsNobody() {
        return this == FORMER;
    }

    /** Whether the pin of its rule is of a certificate it no longer has. */
    boolean changedCertificate() {
        return this == COURIER;
    }
}

package org.sealpost.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a rule as Postfix spells them; null when not given. An empty text is a value of
 * its own: {@code protocols} without a version allows all of them, {@code exclude} without a name
 * clears the defaults' exclusions.
 *
 * @param match names (verify, secure) or fingerprints (fingerprint)
 * @param protocols e.g. {@code >=TLSv1.2}
 * @param ciphers {@code high} or {@code medium}
 * @param exclude OpenSSL names separated by colons
 * @param tafile certificate ids, or PEM paths below {@code sealpost.home/trust}
 * @param servername the SNI name, or {@code hostname} or {@code nexthop}
 * @param connect {@code auto}, {@code starttls} or {@code implicit}
 * @param connectionReuse {@code yes} or {@code no}
 * @param enableRpk {@code yes} or {@code no}; kept for Postfix, no effect here
 * @param policyType {@code sts} or {@code no-policy-found}; it and the other {@code policy_*} are
 *     kept for Postfix's reports
 * @param policyFailure why an outside policy forbids delivery: the server then counts as not
 *     verified
 * @param policyString the lines of the outside policy
 * @param mxHostPattern MX names of the outside policy
 * @param labels what people know about a pin, by the pin as {@code match} writes it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyAttributes(
        @Nullable List<String> match,
        @Nullable String protocols,
        @Nullable String ciphers,
        @Nullable String exclude,
        @Nullable List<String> tafile,
        @Nullable String servername,
        @Nullable String connect,
        @JsonProperty("connection_reuse") @Nullable String connectionReuse,
        @JsonProperty("enable_rpk") @Nullable String enableRpk,
        @JsonProperty("policy_type") @Nullable String policyType,
        @JsonProperty("policy_domain") @Nullable String policyDomain,
        @JsonProperty("policy_failure") @Nullable String policyFailure,
        @JsonProperty("policy_ttl") @Nullable String policyTtl,
        @JsonProperty("policy_string") @Nullable List<String> policyString,
        @JsonProperty("mx_host_pattern") @Nullable List<String> mxHostPattern,
        @Nullable Map<String, PinLabel> labels) {

    public static final PolicyAttributes NONE = builder().build();

    /**
     * What people know about a pin.
     *
     * @param label whose it is, e.g. {@code new certificate of 2027}
     * @param seenAt where it was seen, e.g. {@code mx.example.com[192.0.2.1]:25 on 2026-05-01}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PinLabel(@Nullable String label, @Nullable String seenAt) {}

    public PolicyAttributes {
        match = given(match);
        tafile = given(tafile);
        policyString = given(policyString);
        mxHostPattern = given(mxHostPattern);
        labels =
                labels == null || labels.isEmpty()
                        ? null
                        : Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** Begins with no attribute at all. */
    public static Builder builder() {
        return new Builder();
    }

    /** Begins with what this has. */
    public Builder toBuilder() {
        return new Builder()
                .match(match)
                .protocols(protocols)
                .ciphers(ciphers)
                .exclude(exclude)
                .tafile(tafile)
                .servername(servername)
                .connect(connect)
                .connectionReuse(connectionReuse)
                .enableRpk(enableRpk)
                .policyType(policyType)
                .policyDomain(policyDomain)
                .policyFailure(policyFailure)
                .policyTtl(policyTtl)
                .policyString(policyString)
                .mxHostPattern(mxHostPattern)
                .labels(labels);
    }

    private static @Nullable List<String> given(@Nullable List<String> values) {
        return values == null || values.isEmpty()
                ? null
                : Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** Collects attributes one by one. */
    public static final class Builder {
        private @Nullable List<String> match;
        private @Nullable String protocols;
        private @Nullable String ciphers;
        private @Nullable String exclude;
        private @Nullable List<String> tafile;
        private @Nullable String servername;
        private @Nullable String connect;
        private @Nullable String connectionReuse;
        private @Nullable String enableRpk;
        private @Nullable String policyType;
        private @Nullable String policyDomain;
        private @Nullable String policyFailure;
        private @Nullable String policyTtl;
        private @Nullable List<String> policyString;
        private @Nullable List<String> mxHostPattern;
        private @Nullable Map<String, PinLabel> labels;

        private Builder() {}

        public Builder match(@Nullable List<String> value) {
            match = value;
            return this;
        }

        public Builder protocols(@Nullable String value) {
            protocols = value;
            return this;
        }

        public Builder ciphers(@Nullable String value) {
            ciphers = value;
            return this;
        }

        public Builder exclude(@Nullable String value) {
            exclude = value;
            return this;
        }

        public Builder tafile(@Nullable List<String> value) {
            tafile = value;
            return this;
        }

        public Builder servername(@Nullable String value) {
            servername = value;
            return this;
        }

        public Builder connect(@Nullable String value) {
            connect = value;
            return this;
        }

        public Builder connectionReuse(@Nullable String value) {
            connectionReuse = value;
            return this;
        }

        public Builder enableRpk(@Nullable String value) {
            enableRpk = value;
            return this;
        }

        public Builder policyType(@Nullable String value) {
            policyType = value;
            return this;
        }

        public Builder policyDomain(@Nullable String value) {
            policyDomain = value;
            return this;
        }

        public Builder policyFailure(@Nullable String value) {
            policyFailure = value;
            return this;
        }

        public Builder policyTtl(@Nullable String value) {
            policyTtl = value;
            return this;
        }

        public Builder policyString(@Nullable List<String> value) {
            policyString = value;
            return this;
        }

        public Builder mxHostPattern(@Nullable List<String> value) {
            mxHostPattern = value;
            return this;
        }

        public Builder labels(@Nullable Map<String, PinLabel> value) {
            labels = value;
            return this;
        }

        public PolicyAttributes build() {
            return new PolicyAttributes(
                    match,
                    protocols,
                    ciphers,
                    exclude,
                    tafile,
                    servername,
                    connect,
                    connectionReuse,
                    enableRpk,
                    policyType,
                    policyDomain,
                    policyFailure,
                    policyTtl,
                    policyString,
                    mxHostPattern,
                    labels);
        }
    }
}

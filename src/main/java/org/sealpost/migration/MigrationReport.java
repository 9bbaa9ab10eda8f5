package org.sealpost.migration;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.postfix.FileProblem;
import org.sealpost.policy.postfix.ImportReport;

/**
 * What becomes, or became, of a Postfix configuration.
 *
 * @param applied whether it was done; false for a plan and for what was refused
 * @param parameters every parameter in the order of the files
 * @param certificates files with certificates and keys, to be uploaded by hand
 * @param listeners the services that receive mail, to be set by hand
 * @param weaker what asks less of a destination than it did before; the first 10,000 of them
 */
public record MigrationReport(
        boolean applied,
        List<Parameter> parameters,
        ImportReport policies,
        RouteReport routes,
        List<FoundCertificate> certificates,
        List<FoundListener> listeners,
        List<Weaker> weaker) {

    /** What becomes of a parameter. */
    public enum Outcome {
        /** It is, or would be, set here. */
        APPLIED,
        /** Its purpose is gone; a safe value takes its place. */
        OBSOLETE,
        /** It matters and has no counterpart: nothing is applied unless told to skip it. */
        REFUSED,
        /** It has no counterpart here and needs none. */
        IGNORED;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A parameter.
     *
     * @param name as {@code postconf} writes it; {@code smtps/inet/NAME} for one of master.cf
     * @param value as written
     */
    public record Parameter(String name, String value, Outcome outcome, String explanation) {}

    /** The routes in numbers, and what is wrong with the others. */
    public record RouteReport(
            int added, int changed, int removed, int unchanged, List<FileProblem> errors) {}

    /** A certificate or key that a parameter names. */
    public record FoundCertificate(String parameter, String file, String purpose) {}

    /**
     * A service that receives mail.
     *
     * @param listener which of ours it corresponds to; null when none does
     * @param level {@code none}, {@code may} or {@code encrypt}
     */
    public record FoundListener(
            String service,
            @Nullable String listener,
            @Nullable Integer port,
            boolean implicitTls,
            String level,
            boolean authentication) {}

    /**
     * A default or a rule that asks less than what held before.
     *
     * @param object {@code settings} or {@code policy}, as in the audit
     * @param name {@code tls}, or the rule's next hop
     * @param reasons what gets weaker, a sentence each
     */
    public record Weaker(String object, String name, List<String> reasons) {}

    /** Whether something was refused, so that nothing may be applied without saying so. */
    public boolean hasRefused() {
        return parameters.stream().anyMatch(one -> one.outcome() == Outcome.REFUSED)
                || !policies.errors().isEmpty()
                || !routes.errors().isEmpty();
    }
}

package org.sealpost.policy;

import org.jspecify.annotations.Nullable;

/**
 * A rule as an administrator writes it, unchecked.
 *
 * @param nextHop its key
 * @param level a level's word
 * @param attributes as Postfix spells them; null for none
 * @param mode {@code enforced} when null
 * @param note empty when null
 */
public record PolicyDraft(
        @Nullable String nextHop,
        @Nullable String level,
        @Nullable PolicyAttributes attributes,
        @Nullable String mode,
        @Nullable Long clientCertificateId,
        @Nullable String note) {}

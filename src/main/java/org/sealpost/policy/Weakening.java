package org.sealpost.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.policy.StrengthChange.Strength;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Pin;
import org.sealpost.tls.TlsLevel;

/**
 * Compares two versions of a rule by what a server has to prove. Names and pins are compared only
 * within a level: between levels, the level's place in {@code none < may < encrypt < fingerprint <
 * verify < secure} decides.
 */
final class Weakening {

    private final List<String> reasons = new ArrayList<>();
    private Strength strength = Strength.SAME;

    private Weakening() {}

    /**
     * Compares.
     *
     * @param before null when it could not be honoured, so that nothing went out
     * @param after null when it cannot be honoured
     */
    static StrengthChange between(@Nullable CompiledPolicy before, @Nullable CompiledPolicy after) {
        var comparison = new Weakening();
        if (before == null || after == null) {
            comparison.note(
                    after != null
                            ? Strength.DIFFERENT
                            : before == null ? Strength.SAME : Strength.STRONGER,
                    "The rule could not be honoured before, so that no mail went out.");
        } else {
            comparison.compare(before, after);
        }
        return new StrengthChange(comparison.strength, comparison.reasons);
    }

    /** Two changes made together. */
    static StrengthChange both(StrengthChange one, StrengthChange other) {
        var all = new ArrayList<>(one.reasons());
        all.addAll(other.reasons());
        return new StrengthChange(
                one.strength().compareTo(other.strength()) >= 0 ? one.strength() : other.strength(),
                all.stream().distinct().toList());
    }

    private void compare(CompiledPolicy before, CompiledPolicy after) {
        int level = after.level().compareTo(before.level());
        note(
                level < 0 ? Strength.WEAKER : level > 0 ? Strength.STRONGER : Strength.SAME,
                "The level falls from %s to %s."
                        .formatted(before.level().word(), after.level().word()));
        if (!before.level().requiresTls() && !after.level().requiresTls() && level == 0) {
            protocols(before, after);
        } else if (before.level().requiresTls() && after.level().requiresTls()) {
            protocols(before, after);
            accepted(
                    "cipher suites",
                    Set.copyOf(before.cipherSuites()),
                    Set.copyOf(after.cipherSuites()));
        }
        if (level == 0) {
            names(before.match(), after.match());
            pins(before.pins(), after.pins());
        }
        if (before.level().needsTrustedChain() && after.level().needsTrustedChain()) {
            anchors(before, after);
        }
        if (before.outsideFailure() != null && after.outsideFailure() == null) {
            note(Strength.WEAKER, "policy_failure no longer keeps the mail back.");
        } else if (before.outsideFailure() == null && after.outsideFailure() != null) {
            note(Strength.STRONGER, "");
        }
        if (before.level() == TlsLevel.MAY && after.level() == TlsLevel.MAY) {
            fallback(before.fallbackAge(), after.fallbackAge());
        }
        rest(before, after);
    }

    /** Null never falls back. */
    private void fallback(@Nullable Duration before, @Nullable Duration after) {
        if (!Objects.equals(before, after)) {
            boolean sooner = after != null && (before == null || after.compareTo(before) < 0);
            note(
                    sooner ? Strength.WEAKER : Strength.STRONGER,
                    "After a failed handshake, mail at level may goes out in clear text sooner than"
                            + " before.");
        }
    }

    /** The lowest version decides how weak a session may be, the highest how strong it can be. */
    private void protocols(CompiledPolicy before, CompiledPolicy after) {
        int floor = rank(after.protocols().getLast()) - rank(before.protocols().getLast());
        int ceiling = rank(after.protocols().getFirst()) - rank(before.protocols().getFirst());
        note(
                floor < 0 ? Strength.WEAKER : floor > 0 ? Strength.STRONGER : Strength.SAME,
                "The oldest TLS version falls from %s to %s."
                        .formatted(before.protocols().getLast(), after.protocols().getLast()));
        note(
                ceiling < 0 ? Strength.WEAKER : ceiling > 0 ? Strength.STRONGER : Strength.SAME,
                "The newest TLS version falls from %s to %s."
                        .formatted(before.protocols().getFirst(), after.protocols().getFirst()));
    }

    private static int rank(String protocol) {
        return List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3").indexOf(protocol);
    }

    private void names(List<NamePattern> before, List<NamePattern> after) {
        var hostname = new NamePattern.Hostname();
        if (after.contains(hostname) && !before.contains(hostname)) {
            note(Strength.WEAKER, "The MX name counts now, which DNS can forge.");
        }
        accepted("names", texts(before), texts(after));
    }

    private static Set<String> texts(List<NamePattern> names) {
        return names.stream().map(NamePattern::text).collect(Collectors.toSet());
    }

    /** Another pin is how a certificate is renewed, so it is no weakening; a forgeable one is. */
    private void pins(List<Pin> before, List<Pin> after) {
        var added = new HashSet<>(after);
        added.removeAll(new HashSet<>(before));
        if (added.stream().anyMatch(pin -> pin.fingerprint().digest().isWeak())) {
            note(Strength.WEAKER, "A pin with MD5 or SHA-1 is added, which can be forged.");
        } else if (!added.isEmpty()) {
            note(Strength.DIFFERENT, "Another certificate or key counts.");
        } else if (before.size() != after.size()) {
            note(Strength.STRONGER, "");
        }
    }

    private void anchors(CompiledPolicy before, CompiledPolicy after) {
        if (before.ownAnchors() != after.ownAnchors()) {
            note(
                    before.ownAnchors() ? Strength.WEAKER : Strength.STRONGER,
                    "Without tafile every globally trusted authority counts.");
        } else {
            accepted(
                    "authorities",
                    before.anchors().stream()
                            .map(anchor -> anchor.getTrustedCert())
                            .collect(Collectors.toSet()),
                    after.anchors().stream()
                            .map(anchor -> anchor.getTrustedCert())
                            .collect(Collectors.toSet()));
        }
    }

    private void rest(CompiledPolicy before, CompiledPolicy after) {
        if (before.connect() != after.connect()) {
            note(Strength.DIFFERENT, "The session begins in another way.");
        }
        if (!Objects.equals(before.servername(), after.servername())) {
            note(Strength.DIFFERENT, "Another server name is asked for.");
        }
        if (!Objects.equals(before.client(), after.client())) {
            note(Strength.DIFFERENT, "Another client certificate is presented.");
        }
    }

    private void accepted(String what, Collection<?> before, Collection<?> after) {
        if (new HashSet<>(before).equals(new HashSet<>(after))) {
            return;
        }
        if (after.containsAll(before)) {
            note(Strength.WEAKER, "More " + what + " count than before.");
        } else if (before.containsAll(after)) {
            note(Strength.STRONGER, "");
        } else {
            note(Strength.DIFFERENT, "Other " + what + " count than before.");
        }
    }

    private void note(Strength part, String reason) {
        if (part == Strength.WEAKER || part == Strength.DIFFERENT) {
            reasons.add(reason);
        }
        if (part.compareTo(strength) > 0) {
            strength = part;
        }
    }
}

package org.sealpost.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Pin;
import org.sealpost.tls.Protocols;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;

/**
 * What really holds for a next hop, defaults worked in.
 *
 * @param matchedKey the rule's key; null for the default
 * @param unusable why the mail has to wait; null when it need not
 */
public record EffectivePolicy(
        String level,
        @Nullable String matchedKey,
        List<Fact> facts,
        List<String> warnings,
        @Nullable String unusable) {

    /**
     * One setting.
     *
     * @param own whether the rule itself decided it, not the defaults
     */
    public record Fact(String name, List<String> values, boolean own, boolean weak) {

        /** Long lists are folded. */
        public boolean isLong() {
            return values.size() > 4;
        }
    }

    static EffectivePolicy of(PolicyLookup lookup) {
        return switch (lookup) {
            case PolicyLookup.Found found ->
                    new EffectivePolicy(
                            found.requirement().level().word(),
                            found.matchedKey(),
                            new Facts(found).collect(),
                            found.warnings(),
                            null);
            case PolicyLookup.Unusable(_, String key, TlsLevel level, String reason, String cure) ->
                    new EffectivePolicy(
                            level.word(), key, List.of(), List.of(), reason + " " + cure);
        };
    }

    /** Who decides, in words. */
    public String source() {
        return matchedKey == null ? "the default" : "the rule " + matchedKey;
    }

    private static final class Facts {

        private final List<Fact> facts = new ArrayList<>();
        private final PolicyLookup.Found found;
        private final TlsRequirement requirement;

        Facts(PolicyLookup.Found found) {
            this.found = found;
            this.requirement = found.requirement();
        }

        List<Fact> collect() {
            TlsLevel level = requirement.level();
            if (level == TlsLevel.NONE) {
                add("Clear text", List.of("always; STARTTLS is never used"), true, true);
                return facts;
            }
            List<String> versions = requirement.protocols();
            add(
                    "TLS versions",
                    versions,
                    own("protocols"),
                    versions.stream().anyMatch(Protocols::isLegacy));
            if (level == TlsLevel.FINGERPRINT) {
                List<Pin> pins = requirement.pins();
                add(
                        "Pins",
                        pins.stream().map(Pin::text).toList(),
                        true,
                        pins.stream().anyMatch(pin -> pin.fingerprint().digest().isWeak()));
            }
            if (level.needsTrustedChain()) {
                add(
                        "Names",
                        requirement.match().stream().map(NamePattern::text).toList(),
                        own("match"),
                        false);
                add("Trusted authorities", List.of(trust()), own("tafile"), false);
            }
            if (requirement.outsideFailure() != null) {
                add(
                        "Held back",
                        List.of("policy_failure: no server counts as verified"),
                        true,
                        false);
            }
            add("Begins with", List.of(connect()), own("connect"), false);
            add("Server name (SNI)", List.of(servername()), own("servername"), false);
            KeyIdentity client = requirement.client();
            add(
                    "Client certificate",
                    List.of(client == null ? "none" : "certificate " + client.id()),
                    own("clientCertificateId"),
                    false);
            add(
                    "Cipher suites",
                    requirement.cipherSuites().stream().map(Ciphers::openSslName).toList(),
                    own("ciphers") || own("exclude"),
                    false);
            if (level == TlsLevel.MAY) {
                add("Clear text", clearText(), false, true);
            }
            return facts;
        }

        private String trust() {
            int count = requirement.anchors().size();
            String many = count + (count == 1 ? " certificate" : " certificates");
            return own("tafile")
                    ? "only the " + many + " of tafile"
                    : "all " + many + " trusted here";
        }

        private String connect() {
            return switch (requirement.connect()) {
                case AUTO -> "STARTTLS; TLS at once on port 465";
                case STARTTLS -> "STARTTLS";
                case IMPLICIT -> "TLS at once";
            };
        }

        private String servername() {
            String name = requirement.servername();
            return name == null
                    ? "the MX host’s name"
                    : name.equals(requirement.nextHop().host()) ? "the next hop" : name;
        }

        private List<String> clearText() {
            Duration age = requirement.clearTextFallbackAfter();
            return List.of(
                    "when no TLS is offered",
                    age == null
                            ? "never after a failed handshake"
                            : "after a failed handshake, for mail older than " + words(age));
        }

        private boolean own(String setting) {
            return "rule".equals(found.origins().get(setting));
        }

        private void add(String name, List<String> values, boolean own, boolean weak) {
            facts.add(new Fact(name, values, own && found.matchedKey() != null, weak));
        }
    }

    private static String words(Duration age) {
        long seconds = age.toSeconds();
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}

package org.sealpost.policy;

import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Pin;
import org.sealpost.tls.Protocols;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;
import org.sealpost.tls.TlsRequirement.Connect;

/** A level with its attributes and defaults worked out, for any next hop. */
record CompiledPolicy(
        TlsLevel level,
        Connect connect,
        List<String> protocols,
        List<String> cipherSuites,
        List<NamePattern> match,
        List<Pin> pins,
        Set<TrustAnchor> anchors,
        @Nullable String servername,
        @Nullable String outsideFailure,
        @Nullable Duration fallbackAge,
        List<String> warnings) {

    /**
     * Works out a rule; what it does not say comes from the defaults.
     *
     * @throws InvalidInput when an attribute cannot be honoured; the mail then has to wait
     */
    static CompiledPolicy of(
            TlsLevel level, PolicyAttributes written, TlsSettings defaults, Anchors anchors) {
        var warnings = new ArrayList<String>();
        PolicyAttributes attributes = written;
        if (level == TlsLevel.NONE && !written.equals(PolicyAttributes.NONE)) {
            warnings.add("The attributes are ignored: at level none there is no TLS.");
            attributes = PolicyAttributes.NONE;
        }
        List<Pin> pins =
                level == TlsLevel.FINGERPRINT
                        ? Pins.parse("attributes.match", orEmpty(attributes.match()))
                        : List.of();
        if (pins.stream().anyMatch(pin -> pin.fingerprint().digest().isWeak())) {
            warnings.add(
                    "A pin is a MD5 or SHA-1 digest, which can be forged; use sha256 instead.");
        }
        List<NamePattern> match = names(level, attributes, defaults);
        if (level == TlsLevel.SECURE && match.contains(new NamePattern.Hostname())) {
            warnings.add("The name “hostname” in match comes from DNS, which can be forged.");
        }
        warnings.addAll(withoutEffect(attributes));
        return new CompiledPolicy(
                level,
                connect(attributes.connect(), defaults),
                protocols(level, attributes, defaults),
                suites(level, attributes, defaults),
                match,
                pins,
                trust(level, attributes, defaults, anchors),
                servername(attributes, defaults),
                attributes.policyFailure(),
                level == TlsLevel.MAY ? defaults.fallbackAge() : null,
                List.copyOf(warnings));
    }

    TlsRequirement requirement(NextHop nextHop, @Nullable String matchedKey, @Nullable Long id) {
        return new TlsRequirement(
                nextHop,
                level,
                connect,
                protocols,
                cipherSuites,
                match,
                pins,
                anchors,
                "nexthop".equals(servername) ? nextHop.host() : servername,
                null,
                outsideFailure,
                fallbackAge,
                matchedKey,
                id);
    }

    private static List<String> withoutEffect(PolicyAttributes attributes) {
        var warnings = new ArrayList<String>();
        if (attributes.enableRpk() != null) {
            warnings.add("enable_rpk is kept for export and has no effect here.");
        }
        if (attributes.policyType() != null) {
            warnings.add(
                    attributes.policyFailure() == null
                            ? "The policy_ attributes are kept for export and have no effect here."
                            : "Because of policy_failure no server counts as verified for this"
                                    + " rule; the other policy_ attributes have no effect here.");
        }
        return warnings;
    }

    private static List<NamePattern> names(
            TlsLevel level, PolicyAttributes attributes, TlsSettings defaults) {
        if (!level.needsTrustedChain()) {
            return List.of();
        }
        List<String> written = orEmpty(attributes.match());
        if (written.isEmpty()) {
            written = level == TlsLevel.VERIFY ? defaults.verifyMatch() : defaults.secureMatch();
        }
        return written.stream()
                .flatMap(list -> Stream.of(list.split("[:,\\s]+")))
                .map(name ->
                        NamePattern.parse(name)
                                .orElseThrow(() ->
                                        new InvalidInput(
                                                "attributes.match",
                                                "“" + name + "” is not a name.",
                                                "Use hostname, nexthop,"
                                                        + " dot-nexthop, example.com"
                                                        + " or .example.com.")))
                .toList();
    }

    private static List<String> protocols(
            TlsLevel level, PolicyAttributes attributes, TlsSettings defaults) {
        String standard =
                level.requiresTls() ? defaults.mandatoryProtocols() : defaults.protocols();
        return Protocols.parse(
                        "attributes.protocols",
                        Objects.requireNonNullElse(attributes.protocols(), standard))
                .versions();
    }

    private static List<String> suites(
            TlsLevel level, PolicyAttributes attributes, TlsSettings defaults) {
        String grade = level.requiresTls() ? defaults.mandatoryCiphers() : defaults.ciphers();
        String excluded =
                level.requiresTls()
                        ? defaults.excludeCiphers() + " " + defaults.mandatoryExcludeCiphers()
                        : defaults.excludeCiphers();
        return Ciphers.of(
                "attributes.ciphers",
                Objects.requireNonNullElse(attributes.ciphers(), grade),
                Ciphers.exclusions(
                        "attributes.exclude",
                        Objects.requireNonNullElse(attributes.exclude(), excluded)));
    }

    private static Set<TrustAnchor> trust(
            TlsLevel level, PolicyAttributes attributes, TlsSettings defaults, Anchors anchors) {
        List<String> tafile = orEmpty(attributes.tafile());
        return level.needsTrustedChain() && !tafile.isEmpty()
                ? anchors.named(tafile)
                : anchors.global(defaults.useSystemTrust());
    }

    private static Connect connect(@Nullable String written, TlsSettings defaults) {
        if (written == null) {
            return defaults.implicitTls() ? Connect.IMPLICIT : Connect.AUTO;
        }
        return Connect.valueOf(written.toUpperCase(Locale.ROOT));
    }

    /** Null for the MX host name, which the word {@code hostname} asks for explicitly. */
    private static @Nullable String servername(PolicyAttributes attributes, TlsSettings defaults) {
        String written =
                attributes.servername() == null ? defaults.servername() : attributes.servername();
        if (written == null || written.isBlank() || written.equalsIgnoreCase("hostname")) {
            return null;
        }
        if (written.equalsIgnoreCase("nexthop")) {
            return "nexthop";
        }
        return DomainName.parse(written)
                .map(DomainName::text)
                .orElseThrow(() ->
                        new InvalidInput(
                                "attributes.servername",
                                "“" + written + "” is not a host name.",
                                "Write a host name, hostname or nexthop."));
    }

    private static List<String> orEmpty(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }
}

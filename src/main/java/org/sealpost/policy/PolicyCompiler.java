package org.sealpost.policy;

import java.security.cert.TrustAnchor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Pin;
import org.sealpost.tls.Protocols;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement.Connect;

/** Works out one rule against the defaults (Postfix semantics 1.1). */
final class PolicyCompiler {

    private static final String RULE = "rule";
    private static final String DEFAULT = "default";

    private final TlsLevel level;
    private final PolicyAttributes attributes;
    private final @Nullable String writtenConnect;
    private final @Nullable Long clientCertificateId;
    private final TlsSettings defaults;
    private final CertificateSource certificates;
    private final Map<String, String> origins = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    PolicyCompiler(
            TlsLevel level,
            PolicyAttributes written,
            @Nullable Long clientCertificateId,
            TlsSettings defaults,
            CertificateSource certificates) {
        this.level = level;
        this.writtenConnect = written.connect();
        this.clientCertificateId = clientCertificateId;
        this.defaults = defaults;
        this.certificates = certificates;
        boolean ignored = level == TlsLevel.NONE && !written.equals(PolicyAttributes.NONE);
        this.attributes = ignored ? PolicyAttributes.NONE : written;
        if (ignored) {
            warnings.add("The attributes are ignored: at level none there is no TLS.");
        }
    }

    CompiledPolicy compile() {
        Connect connect = connect();
        Protocols range = protocols();
        List<String> suites = suites();
        List<String> protocols = Ciphers.usable(range.versions(), suites);
        if (protocols.isEmpty()) {
            throw new InvalidInput(
                    "attributes.exclude",
                    "The exclusions leave no cipher suite for " + range.text() + ".",
                    "Exclude less, or allow TLSv1.3, whose suites exclude does not touch.");
        }
        List<NamePattern> match = names();
        List<Pin> pins = pins();
        Set<TrustAnchor> anchors = anchors();
        String servername = servername();
        KeyIdentity client = client();
        warn(range, match, pins);
        return new CompiledPolicy(
                level,
                connect,
                protocols,
                suites,
                match,
                pins,
                anchors,
                attributes.tafile() != null,
                servername,
                client,
                attributes.policyFailure(),
                level == TlsLevel.MAY ? defaults.fallbackAge() : null,
                defaults.sessionCacheSeconds(),
                Map.copyOf(origins),
                List.copyOf(warnings));
    }

    private void warn(Protocols range, List<NamePattern> match, List<Pin> pins) {
        if (level != TlsLevel.NONE) {
            warnings.addAll(range.warnings());
        }
        if (match.contains(new NamePattern.Hostname())) {
            warnings.add(
                    "“hostname” in match can be forged through DNS; name the host, or use nexthop.");
        }
        if (pins.stream().anyMatch(pin -> pin.fingerprint().digest().isWeak())) {
            warnings.add(
                    "A pin is a MD5 or SHA-1 digest, which can be forged; use sha256 instead.");
        }
        if (attributes.ciphers() != null && !attributes.ciphers().equalsIgnoreCase("medium")) {
            warnings.add(
                    "The cipher grade "
                            + attributes.ciphers()
                            + " offers the same suites as medium; protocols and exclude are stricter.");
        }
        if (attributes.enableRpk() != null) {
            warnings.add("enable_rpk is kept for export and has no effect here.");
        }
        if (attributes.policyFailure() != null && level.authenticates()) {
            warnings.add(
                    "Because of policy_failure no server counts as verified: the mail waits. The"
                            + " other policy_ attributes have no effect here.");
        } else if (attributes.policyType() != null) {
            warnings.add("The policy_ attributes are kept for export and have no effect here.");
        }
    }

    private Connect connect() {
        origin("connect", writtenConnect);
        if (writtenConnect != null) {
            return Connect.valueOf(writtenConnect.toUpperCase(Locale.ROOT));
        }
        if (!defaults.implicitTls()) {
            return Connect.AUTO;
        }
        if (!level.requiresTls()) {
            // Postfix's wrapper mode defers every message at may and none, too.
            throw new InvalidInput(
                    "level",
                    "The defaults begin every session with TLS, which the level "
                            + level.word()
                            + " does not require.",
                    "Choose encrypt or above, or connect=starttls.");
        }
        return Connect.IMPLICIT;
    }

    private Protocols protocols() {
        String standard =
                level.requiresTls() ? defaults.mandatoryProtocols() : defaults.protocols();
        origin("protocols", attributes.protocols());
        return Protocols.parse(
                "attributes.protocols",
                Objects.requireNonNullElse(attributes.protocols(), standard));
    }

    private List<String> suites() {
        String grade = level.requiresTls() ? defaults.mandatoryCiphers() : defaults.ciphers();
        String excluded =
                level.requiresTls()
                        ? defaults.excludeCiphers() + " " + defaults.mandatoryExcludeCiphers()
                        : defaults.excludeCiphers();
        origin("ciphers", attributes.ciphers());
        origin("exclude", attributes.exclude());
        return Ciphers.of(
                "attributes.ciphers",
                Objects.requireNonNullElse(attributes.ciphers(), grade),
                Ciphers.exclusions(
                        "attributes.exclude",
                        Objects.requireNonNullElse(attributes.exclude(), excluded)));
    }

    private List<NamePattern> names() {
        if (!level.needsTrustedChain()) {
            return List.of();
        }
        origin("match", attributes.match());
        List<String> written = attributes.match();
        if (written == null) {
            written = level == TlsLevel.VERIFY ? defaults.verifyMatch() : defaults.secureMatch();
        }
        List<NamePattern> names =
                written.stream()
                        .flatMap(list -> Arrays.stream(list.split(":", -1)))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .map(PolicyCompiler::name)
                        .toList();
        if (names.isEmpty()) {
            throw notAName("");
        }
        return names;
    }

    private static NamePattern name(String text) {
        return NamePattern.parse(text).orElseThrow(() -> notAName(text));
    }

    private static InvalidInput notAName(String text) {
        return new InvalidInput(
                "attributes.match",
                text.isEmpty() ? "match holds no name." : "“" + text + "” is not a name.",
                "Use hostname, nexthop, dot-nexthop, example.com or .example.com, several separated"
                        + " by colons.");
    }

    private List<Pin> pins() {
        if (level != TlsLevel.FINGERPRINT) {
            return List.of();
        }
        origin("match", attributes.match());
        List<String> written = attributes.match();
        return Pins.parse("attributes.match", written == null ? List.of() : written);
    }

    private Set<TrustAnchor> anchors() {
        List<String> tafile = attributes.tafile();
        if (level.needsTrustedChain()) {
            origin("tafile", tafile);
        }
        return tafile == null
                ? certificates.global(defaults.useSystemTrust())
                : certificates.named(tafile);
    }

    /** Null for the MX host name, which the word {@code hostname} asks for explicitly. */
    private @Nullable String servername() {
        origin("servername", attributes.servername());
        String written =
                attributes.servername() == null ? defaults.servername() : attributes.servername();
        if (written == null || written.isBlank() || written.equalsIgnoreCase("hostname")) {
            return null;
        }
        return written.equalsIgnoreCase("nexthop")
                ? "nexthop"
                : DomainName.parse(written)
                        .map(DomainName::text)
                        .orElseThrow(() ->
                                new InvalidInput(
                                        "attributes.servername",
                                        "“" + written + "” is not a host name.",
                                        "Write a host name, hostname or nexthop."));
    }

    private @Nullable KeyIdentity client() {
        origin("clientCertificateId", clientCertificateId);
        Long id =
                clientCertificateId == null ? defaults.clientCertificateId() : clientCertificateId;
        // Also at level none: a rule that names a certificate that is gone must not go unnoticed.
        return id == null ? null : certificates.client(id);
    }

    private void origin(String setting, @Nullable Object written) {
        origins.put(setting, written == null ? DEFAULT : RULE);
    }
}

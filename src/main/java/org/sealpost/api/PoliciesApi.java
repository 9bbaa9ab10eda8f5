package org.sealpost.api;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.KeyIdentity;
import org.sealpost.delivery.Routes;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.PolicyFilter;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.PolicyOrder;
import org.sealpost.policy.PolicyOutlook;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Pin;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsRequirement;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** TLS policies over REST. */
@RestController
@RequestMapping("/api/v1/policies")
class PoliciesApi {

    private final TlsPolicies policies;
    private final PolicyOutlook outlook;
    private final Routes routes;

    PoliciesApi(TlsPolicies policies, PolicyOutlook outlook, Routes routes) {
        this.policies = policies;
        this.outlook = outlook;
        this.routes = routes;
    }

    /** A rule as the API shows it. */
    record PolicyResponse(
            long id,
            String nextHop,
            TlsLevel level,
            PolicyAttributes attributes,
            String mode,
            @Nullable Long clientCertificateId,
            String note) {

        static PolicyResponse of(TlsPolicy policy) {
            return new PolicyResponse(
                    policy.id(),
                    policy.nextHop(),
                    policy.level(),
                    policy.attributes(),
                    policy.mode(),
                    policy.clientCertificateId(),
                    policy.note());
        }
    }

    /** What holds for a next hop. */
    record LookupResponse(
            String nextHop,
            List<String> keysTried,
            @Nullable String matchedKey,
            @Nullable PolicyResponse policy,
            @Nullable Effective effective,
            List<String> warnings) {}

    /**
     * The settings that are really used.
     *
     * @param servername the name sent as SNI; null for each server's own
     * @param trust {@code tafile} or {@code global} at verify and secure; null below
     * @param origins for each setting whether {@code rule} or {@code default} decided it
     */
    record Effective(
            TlsLevel level,
            List<String> protocols,
            List<String> ciphers,
            List<String> match,
            String connect,
            @Nullable String servername,
            @Nullable String trust,
            @Nullable Long clientCertificateId,
            Map<String, String> origins) {}

    @GetMapping
    Page<PolicyResponse> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = Page.size(size);
        Sort wanted = Sort.of(sort, PolicyOrder.FIELDS.getFirst(), PolicyOrder.FIELDS);
        var order = new PolicyOrder(wanted.field(), wanted.descending());
        PolicyFilter.Page found =
                outlook.search(
                        new PolicyFilter(q, null, null, false), order, Page.key(cursor), most + 1);
        return Page.of(found.rules(), most, order::keyOf, found.total()).map(PolicyResponse::of);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<PolicyResponse> create(
            @RequestBody PolicyDraft draft,
            @RequestHeader(name = ChangeReason.HEADER, required = false) @Nullable String reason) {
        TlsPolicy created = policies.create(draft, ChangeReason.read(reason));
        return ResponseEntity.created(URI.create("/api/v1/policies/" + created.id()))
                .eTag(ETags.of(created.version()))
                .body(PolicyResponse.of(created));
    }

    @GetMapping("/{id}")
    ResponseEntity<PolicyResponse> get(@PathVariable long id) {
        return answer(policies.find(id).orElseThrow(() -> new NotFound("TLS policy", id)));
    }

    @PutMapping("/{id}")
    ResponseEntity<PolicyResponse> update(
            @PathVariable long id,
            @RequestBody PolicyDraft draft,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestHeader(name = ChangeReason.HEADER, required = false) @Nullable String reason) {
        return answer(
                policies.update(id, draft, ETags.version(ifMatch), ChangeReason.read(reason)));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(
            @PathVariable long id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestHeader(name = ChangeReason.HEADER, required = false) @Nullable String reason) {
        policies.delete(id, ETags.version(ifMatch), ChangeReason.read(reason));
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/lookup")
    LookupResponse lookup(
            @RequestParam(name = "next-hop") Optional<String> nextHop,
            @RequestParam Optional<String> recipient) {
        NextHop hop =
                recipient.isPresent()
                        ? routes.nextHopFor(
                                MailAddress.parse(recipient.get())
                                        .orElseThrow(() ->
                                                new InvalidInput(
                                                        "recipient",
                                                        "That is not a mail address.",
                                                        "Write user@example.com.")))
                        : NextHop.parse(nextHop.orElse(""))
                                .orElseThrow(() ->
                                        new InvalidInput(
                                                "next-hop",
                                                "That is not a next hop.",
                                                "Write example.com or"
                                                        + " [mail.example.com]:25."));
        List<String> routing =
                recipient.isPresent() ? routingOf(hop, recipient.get()) : routingOf(hop);
        return switch (policies.lookup(hop)) {
            case PolicyLookup.Found found ->
                    new LookupResponse(
                            hop.text(),
                            found.keysTried(),
                            found.matchedKey(),
                            found.policy() == null ? null : PolicyResponse.of(found.policy()),
                            effective(found),
                            Stream.concat(routing.stream(), found.warnings().stream()).toList());
            case PolicyLookup.Unusable(var keys, String key, _, String reason, String remedy) ->
                    new LookupResponse(
                            hop.text(),
                            keys,
                            key,
                            null,
                            null,
                            Stream.concat(routing.stream(), Stream.of(reason + " " + remedy))
                                    .toList());
        };
    }

    /** A next hop that a route decides is the key; the recipient's domain then never is. */
    private static List<String> routingOf(NextHop hop, String recipient) {
        String domain = recipient.substring(recipient.lastIndexOf('@') + 1);
        return NextHop.parse(domain).filter(hop::equals).isPresent()
                ? List.of()
                : List.of(
                        "A route sends this mail to "
                                + hop
                                + ": recipient-domain rules are never consulted for it.");
    }

    private List<String> routingOf(NextHop hop) {
        return hop.bracketed() || hop.port() != null
                ? List.of()
                : MailAddress.parse("postmaster@" + hop.host())
                        .map(routes::nextHopFor)
                        .filter(routed -> !routed.equals(hop))
                        .map(routed ->
                                "Mail for "
                                        + hop
                                        + " is routed to "
                                        + routed
                                        + ": recipient-domain rules are never consulted"
                                        + " for it.")
                        .stream()
                        .toList();
    }

    private static Effective effective(PolicyLookup.Found found) {
        TlsRequirement requirement = found.requirement();
        List<String> match =
                requirement.level() == TlsLevel.FINGERPRINT
                        ? requirement.pins().stream().map(Pin::text).toList()
                        : requirement.match().stream().map(NamePattern::text).toList();
        boolean tls = requirement.level() != TlsLevel.NONE;
        KeyIdentity client = requirement.client();
        return new Effective(
                requirement.level(),
                tls ? requirement.protocols() : List.of(),
                tls
                        ? requirement.cipherSuites().stream().map(Ciphers::openSslName).toList()
                        : List.of(),
                match,
                requirement.connect().name().toLowerCase(Locale.ROOT),
                requirement.servername(),
                trust(found),
                client == null ? null : client.id(),
                found.origins());
    }

    private static @Nullable String trust(PolicyLookup.Found found) {
        if (!found.requirement().level().needsTrustedChain()) {
            return null;
        }
        return "rule".equals(found.origins().get("tafile")) ? "tafile" : "global";
    }

    private static ResponseEntity<PolicyResponse> answer(TlsPolicy policy) {
        return ResponseEntity.ok().eTag(ETags.of(policy.version())).body(PolicyResponse.of(policy));
    }
}

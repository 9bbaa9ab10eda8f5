package org.sealpost.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Routes.RouteDraft;
import org.sealpost.delivery.Way.Mechanism;
import org.sealpost.delivery.Way.Protocol;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NextHop;
import org.sealpost.policy.PolicyLookup;
import org.sealpost.policy.TlsPolicies;

/** Checks what somebody wrote of a route, and says all that is wrong with it. */
final class RouteCheck {

    private final TlsPolicies policies;

    RouteCheck(TlsPolicies policies) {
        this.policies = policies;
    }

    /**
     * The route in canonical form.
     *
     * @param withPassword whether it has a password, a new one or a stored one
     * @throws InvalidInput with everything that is wrong
     */
    RouteFields check(RouteDraft draft, boolean withPassword) {
        var problems = new ArrayList<Problem>();
        String written = stripped(draft.pattern());
        Optional<String> pattern = pattern(written);
        if (pattern.isEmpty()) {
            problems.add(
                    new Problem(
                            "pattern",
                            "“" + written + "” is not a pattern.",
                            "Write example.com, .example.com for its sub-domains, or * for all"
                                    + " other mail."));
        }
        Optional<String> sender = SenderPattern.parse(draft.sender());
        if (sender.isEmpty()) {
            problems.add(
                    new Problem(
                            "sender",
                            "“" + draft.sender() + "” is not a sender.",
                            "Write an address, a domain, or <> for bounces; nothing for all"
                                    + " senders."));
        }
        Optional<Protocol> protocol =
                Protocol.parse(draft.protocol() == null ? "smtp" : draft.protocol());
        if (protocol.isEmpty()) {
            problems.add(
                    new Problem(
                            "protocol",
                            "“" + draft.protocol() + "” is not a protocol.",
                            "Write smtp or lmtp."));
        }
        Optional<NextHop> nextHop = nextHop(draft.nextHop(), protocol, problems);
        String username = blankToNull(draft.username());
        String auth = blankToNull(draft.auth());
        signIn(draft, username, auth, problems);
        nextHop.filter(hop -> username != null && withPassword)
                .flatMap(this::weakness)
                .ifPresent(problems::add);
        List<String> sources =
                draft.sourceAddresses() == null ? List.of() : draft.sourceAddresses();
        problems.addAll(SourceAddresses.problems("sourceAddresses", sources));
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        return new RouteFields(
                pattern.orElseThrow(),
                sender.orElseThrow(),
                nextHop.orElseThrow().text(),
                protocol.orElseThrow().word(),
                username,
                auth,
                String.join(
                        " ",
                        sources.stream()
                                .map(one ->
                                        AddressLiteral.parse(one).orElseThrow().getHostAddress())
                                .toList()));
    }

    private static Optional<NextHop> nextHop(
            @Nullable String written, Optional<Protocol> protocol, List<Problem> problems) {
        String text = written == null ? "" : written;
        Optional<NextHop> nextHop = NextHop.parse(text);
        if (nextHop.isEmpty()) {
            problems.add(
                    new Problem(
                            "nextHop",
                            "“" + text + "” is not a next hop.",
                            "Write [mail.example.com]:587, or example.com for its MX hosts."));
        }
        boolean lmtp = protocol.filter(one -> one == Protocol.LMTP).isPresent();
        // RFC 2033 §5: LMTP must not be used on port 25; and no MX names an LMTP server.
        nextHop.filter(hop -> lmtp && (!hop.bracketed() || hop.portNumber() == 25))
                .ifPresent(hop ->
                        problems.add(
                                new Problem(
                                        "nextHop",
                                        "LMTP needs a host in brackets and a port other than 25.",
                                        "Write [mailbox.example.com]:24.")));
        return nextHop;
    }

    private static void signIn(
            RouteDraft draft,
            @Nullable String username,
            @Nullable String auth,
            List<Problem> problems) {
        if (draft.password() != null && username == null) {
            problems.add(
                    new Problem(
                            "username", "A password needs a user name.", "Give the user name."));
        }
        if (auth != null && Mechanism.parse(auth).isEmpty()) {
            problems.add(
                    new Problem(
                            "auth",
                            "“" + auth + "” is not a way to sign in.",
                            "Write plain, login or xoauth2, or nothing for plain or login as the"
                                    + " server offers it."));
        }
        if (auth != null && username == null) {
            problems.add(
                    new Problem(
                            "username",
                            "A way to sign in needs a user name.",
                            "Give the user name, or leave out the way to sign in."));
        }
    }

    private Optional<Problem> weakness(NextHop nextHop) {
        boolean strong =
                policies.lookup(nextHop) instanceof PolicyLookup.Found found
                        && found.requirement().level().authenticates();
        return strong
                ? Optional.empty()
                : Optional.of(
                        new Problem(
                                "username",
                                "A user name and password may only go to a server that proves who it"
                                        + " is, and no rule asks "
                                        + nextHop
                                        + " for that.",
                                "First give "
                                        + nextHop
                                        + " a TLS rule of level fingerprint, verify or secure."));
    }

    private static Optional<String> pattern(String text) {
        if (text.equals("*")) {
            return Optional.of(text);
        }
        return text.startsWith(".")
                ? DomainName.parse(text.substring(1)).map(domain -> "." + domain)
                : DomainName.parse(text).map(DomainName::text);
    }

    private static String stripped(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }
}

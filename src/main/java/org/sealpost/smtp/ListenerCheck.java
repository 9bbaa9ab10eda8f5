package org.sealpost.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.Cidr;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.settings.WideNetwork;
import org.sealpost.tls.Ciphers;
import org.sealpost.tls.KeyGroups;
import org.sealpost.tls.Pin;
import org.sealpost.tls.Protocols;
import org.springframework.stereotype.Component;

/** Whether a listener can be what somebody wants it to be. */
@Component
class ListenerCheck {

    private final ServerIdentities identities;
    private final NodePorts ports;

    ListenerCheck(ServerIdentities identities, NodePorts ports) {
        this.identities = identities;
        this.ports = ports;
    }

    /** Everything that is wrong with it; empty when it can be stored. */
    List<Problem> problems(
            ListenerSettings before, ListenerSettings wanted, List<ListenerSettings> all) {
        var problems = new ArrayList<Problem>();
        if (!wanted.name().equals(before.name())) {
            problems.add(
                    new Problem(
                            "name",
                            "A listener keeps its name; this one is " + before.name() + ".",
                            "Send it to the path of the listener you mean."));
        }
        place(problems, before, wanted, all);
        tls(problems, wanted);
        clients(problems, wanted);
        limits(problems, wanted.limits());
        return problems;
    }

    private void place(
            List<Problem> problems,
            ListenerSettings before,
            ListenerSettings wanted,
            List<ListenerSettings> all) {
        String address = wanted.address();
        if (address != null && AddressLiteral.parse(address).isEmpty()) {
            problems.add(
                    new Problem(
                            "address",
                            "“" + address + "” is no IP address.",
                            "Write an address of this machine, or leave it out to listen on all."));
            return;
        }
        if (wanted.port() < 0 || wanted.port() > 65535) {
            problems.add(
                    new Problem(
                            "port",
                            wanted.port() + " is no TCP port.",
                            "Choose a port from 1 to 65535, or 0 to switch the listener off."));
            return;
        }
        all.stream()
                .filter(other -> !other.name().equals(before.name()) && wanted.port() > 0)
                .filter(other -> other.port() == wanted.port())
                .filter(other -> meet(other.address(), address))
                .findFirst()
                .ifPresent(other ->
                        problems.add(
                                new Problem(
                                        "port",
                                        "The listener " + other.name() + " has this port already.",
                                        "Give each listener its own port, or 0 to switch one"
                                                + " off.")));
        if (problems.isEmpty()) {
            bindable(problems, before, wanted);
        }
    }

    private static boolean meet(@Nullable String one, @Nullable String other) {
        return one == null || other == null || one.equals(other);
    }

    /** A mistyped port must not cost the listener that works. */
    private void bindable(
            List<Problem> problems, ListenerSettings before, ListenerSettings wanted) {
        boolean moved = ports.of(wanted) != ports.of(before);
        boolean elsewhere = !Objects.equals(wanted.address(), before.address());
        if (wanted.port() == 0 || (!moved && !elsewhere)) {
            return;
        }
        String address = wanted.address();
        InetAddress place = address == null ? null : AddressLiteral.parse(address).orElseThrow();
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(place, moved ? ports.of(wanted) : 0));
        } catch (IOException e) {
            problems.add(
                    new Problem(
                            moved ? "port" : "address",
                            "It cannot be bound here: " + e.getMessage() + ".",
                            "Choose another, or stop what uses it."));
        }
    }

    private void tls(List<Problem> problems, ListenerSettings wanted) {
        word(problems, "level", wanted.level(), List.of("none", "may", "encrypt"));
        word(
                problems,
                "clientCertificate",
                wanted.clientCertificate(),
                List.of("none", "ask", "require"));
        int before = problems.size();
        if (wanted.protocols().isEmpty()) {
            problems.add(new Problem("protocols", "protocols is empty.", "Write >=TLSv1.2."));
        }
        attempt(problems, () -> Protocols.parse("protocols", wanted.protocols()));
        attempt(problems, () -> Ciphers.requireGrade("ciphers", wanted.ciphers()));
        attempt(problems, () -> Ciphers.exclusions("excludeCiphers", wanted.excludeCiphers()));
        attempt(problems, () -> KeyGroups.parse("groups", wanted.groups()));
        if (problems.size() == before && ServerSuites.usable(wanted).isEmpty()) {
            problems.add(
                    new Problem(
                            "excludeCiphers",
                            "The exclusions leave no cipher suite for " + wanted.protocols() + ".",
                            "Exclude less, or allow TLSv1.3, whose suites they do not touch."));
        }
        for (Long id : wanted.certificateIds()) {
            if (identities.server(id).isEmpty()) {
                problems.add(
                        new Problem(
                                "certificateIds",
                                "There is no server certificate with the id " + id + ".",
                                "Upload certificate and key with purpose server and use its id."));
            }
        }
        if (problems.size() == before) {
            keys(problems, wanted);
        }
        range(problems, "sessionCacheSeconds", wanted.sessionCacheSeconds(), 0, 8_640_000);
        range(problems, "logLevel", wanted.logLevel(), 0, 4);
    }

    /** With groups that miss the curve of its key, a certificate is of no use before TLS 1.3. */
    private void keys(List<Problem> problems, ListenerSettings wanted) {
        if (wanted.offersTls() && !canPresentAny(wanted, -1, null)) {
            problems.add(
                    new Problem(
                            "groups",
                            "No TLS session below 1.3 could begin: the key of the certificate is on"
                                    + " a curve that is not among the groups.",
                            "Add the curve of its key to the groups (secp256r1 for EC P-256,"
                                    + " secp384r1 for P-384), leave them empty, choose a"
                                    + " certificate with an RSA key, or write >=TLSv1.3 in"
                                    + " protocols."));
        }
    }

    /** Whether a listener that shows a certificate could show another in its place. */
    boolean canPresent(ListenerSettings listener, long certificateId, X509Certificate successor) {
        return !listener.offersTls()
                || !presents(listener, certificateId)
                || canPresentAny(listener, certificateId, successor);
    }

    private boolean presents(ListenerSettings listener, long certificateId) {
        return listener.certificateIds().isEmpty()
                ? identities.server(certificateId).filter(identities.standard()::equals).isPresent()
                : listener.certificateIds().contains(certificateId);
    }

    private boolean canPresentAny(
            ListenerSettings listener, long replaced, @Nullable X509Certificate successor) {
        List<Long> ids = listener.certificateIds();
        Stream<X509Certificate> kept =
                ids.isEmpty()
                        ? Stream.of(identities.standard())
                                .filter(standard -> successor == null)
                                .map(standard -> standard.chain().getFirst())
                        : ids.stream()
                                .filter(id -> successor == null || id != replaced)
                                .flatMap(id -> identities.server(id).stream())
                                .map(identity -> identity.chain().getFirst());
        List<String> groups = KeyGroups.parse("groups", listener.groups());
        List<String> versions = ServerSuites.protocols(listener);
        return Stream.concat(kept, Stream.ofNullable(successor))
                .anyMatch(shown -> KeyGroups.canPresent(groups, versions, shown.getPublicKey()));
    }

    private static void clients(List<Problem> problems, ListenerSettings wanted) {
        if (wanted.authRequired() && !wanted.offersTls()) {
            problems.add(
                    new Problem(
                            "level",
                            "Nobody could sign in: passwords are taken over TLS only.",
                            "Choose may or encrypt, or implicitTls, or drop authRequired."));
        }
        if (wanted.clientCertificate().equals("require") && !wanted.requiresTls()) {
            problems.add(
                    new Problem(
                            "clientCertificate",
                            "A certificate can be required only where TLS is.",
                            "Raise the level to encrypt, or choose ask."));
        }
        for (String network : wanted.proxyPeers()) {
            if (Cidr.parse(network).isEmpty()) {
                problems.add(
                        new Problem(
                                "proxyPeers",
                                "“" + network + "” is not a network.",
                                "Write it in CIDR form with no bits set behind the prefix, e.g."
                                        + " 192.0.2.7/32."));
            } else if (WideNetwork.is(network)) {
                problems.add(
                        new Problem(
                                "proxyPeers",
                                "From “"
                                        + network
                                        + "” anybody could claim an address that may relay.",
                                "Write the addresses of your proxies, e.g. 192.0.2.7/32."));
            }
        }
        for (RelayCertificate one : wanted.clientCertificateRelay()) {
            boolean strong =
                    Pin.parse(one.fingerprint())
                            .filter(pin -> !pin.fingerprint().digest().isWeak())
                            .isPresent();
            if (!strong) {
                problems.add(
                        new Problem(
                                "clientCertificateRelay",
                                "“"
                                        + one.fingerprint()
                                        + "” is no fingerprint that mail may be relayed for.",
                                "Write sha256:AA:BB:.. of the certificate or spki-sha256:AA:BB:.. of"
                                        + " its key; MD5 and SHA-1 are too weak."));
            }
        }
    }

    private static void limits(List<Problem> problems, ListenerSettings.Limits limits) {
        range(problems, "limits.commandTimeoutSeconds", limits.commandTimeoutSeconds(), 1, 3600);
        range(problems, "limits.maxRecipients", limits.maxRecipients(), 1, 100_000);
        range(problems, "limits.maxErrors", limits.maxErrors(), 1, 10_000);
        range(problems, "limits.maxMessageBytes", limits.maxMessageBytes(), 1, 10_000_000_000L);
        range(problems, "limits.maxReceivedHeaders", limits.maxReceivedHeaders(), 1, 1000);
        range(problems, "limits.maxSessions", limits.maxSessions(), 1, 100_000);
        range(problems, "limits.maxSessionsPerAddress", limits.maxSessionsPerAddress(), 1, 100_000);
        perMinute(problems, "limits.maxTlsSessionsPerMinute", limits.maxTlsSessionsPerMinute());
        perMinute(problems, "limits.maxMessagesPerMinute", limits.maxMessagesPerMinute());
    }

    private static void perMinute(List<Problem> problems, String field, @Nullable Integer value) {
        if (value != null) {
            range(problems, field, value, 1, 1_000_000);
        }
    }

    private static void word(
            List<Problem> problems, String field, String value, List<String> words) {
        if (!words.contains(value)) {
            problems.add(
                    new Problem(
                            field,
                            "“" + value + "” is not a value of " + field + ".",
                            "Choose one of " + String.join(", ", words) + "."));
        }
    }

    private static void range(
            List<Problem> problems, String field, long value, long least, long most) {
        if (value < least || value > most) {
            problems.add(
                    new Problem(
                            field,
                            value + " is out of range.",
                            "Write a number from " + least + " to " + most + "."));
        }
    }

    private static void attempt(List<Problem> problems, Runnable part) {
        try {
            part.run();
        } catch (InvalidInput invalid) {
            problems.addAll(invalid.problems());
        }
    }
}

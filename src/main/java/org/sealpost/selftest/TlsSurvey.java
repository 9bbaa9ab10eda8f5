package org.sealpost.selftest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sealpost.selftest.ClientHello.Choice;

/** Finds out what a TLS server takes by offering it one thing after the other. */
final class TlsSurvey {

    private static final Map<Integer, String> VERSIONS = new LinkedHashMap<>();

    static {
        VERSIONS.put(ClientHello.TLS13, "TLSv1.3");
        VERSIONS.put(ClientHello.TLS12, "TLSv1.2");
        VERSIONS.put(ClientHello.TLS11, "TLSv1.1");
        VERSIONS.put(ClientHello.TLS10, "TLSv1");
    }

    private final OwnListener listener;
    private final Map<Integer, List<Integer>> suites = new LinkedHashMap<>();

    TlsSurvey(OwnListener listener) {
        this.listener = listener;
    }

    /** The steps of the survey; a server that cannot be asked fails them. */
    List<TestStep> steps() {
        return List.of(
                Probe.step("protocols", this::protocols),
                Probe.step("ciphers", this::ciphers),
                Probe.step("old-tls-refused", this::oldTls),
                Probe.step("weak-ciphers-refused", this::weakCiphers));
    }

    /** The names of the suites by version, as the steps found them. */
    Map<String, List<String>> found() {
        var found = new LinkedHashMap<String, List<String>>();
        suites.forEach((version, taken) ->
                found.put(
                        VERSIONS.getOrDefault(version, ""),
                        taken.stream().map(Suites::name).toList()));
        return found;
    }

    private TestStep protocols() throws IOException {
        for (int version : VERSIONS.keySet()) {
            List<Integer> taken = taken(version);
            if (!taken.isEmpty()) {
                suites.put(version, taken);
            }
        }
        String names =
                suites.keySet().stream().map(VERSIONS::get).collect(Collectors.joining(", "));
        if (suites.keySet().stream().noneMatch(version -> version >= ClientHello.TLS12)) {
            return TestStep.of(
                    "protocols",
                    TestStep.FAIL,
                    "Neither TLS 1.3 nor TLS 1.2 is taken"
                            + (names.isEmpty() ? "." : ", but " + names + "."));
        }
        return TestStep.of(
                "protocols",
                suites.containsKey(ClientHello.TLS13) ? TestStep.PASS : TestStep.WARN,
                names + (suites.containsKey(ClientHello.TLS13) ? "." : "; not TLS 1.3."));
    }

    private TestStep ciphers() throws IOException {
        String names =
                suites.entrySet().stream()
                        .map(version ->
                                VERSIONS.get(version.getKey())
                                        + ": "
                                        + version.getValue().stream()
                                                .map(Suites::name)
                                                .collect(Collectors.joining(", ")))
                        .collect(Collectors.joining("; "));
        List<String> recorded =
                suites.values().stream()
                        .flatMap(List::stream)
                        .filter(Suites::lacksForwardSecrecy)
                        .map(Suites::name)
                        .distinct()
                        .toList();
        if (suites.isEmpty()) {
            return TestStep.of("ciphers", TestStep.FAIL, "No suite is taken.");
        }
        return TestStep.of(
                "ciphers",
                recorded.isEmpty() ? TestStep.PASS : TestStep.WARN,
                names
                        + ". Groups: "
                        + groups().stream().map(Suites::group).collect(Collectors.joining(", "))
                        + ". "
                        + preference()
                        + (recorded.isEmpty()
                                ? ""
                                : " Without forward secrecy: "
                                        + String.join(", ", recorded)
                                        + "."));
    }

    private String preference() throws IOException {
        List<Integer> known = suites.getOrDefault(ClientHello.TLS12, List.of());
        if (known.size() < 2) {
            return "";
        }
        var turned = new ArrayList<>(known);
        Collections.reverse(turned);
        Choice choice = offer(ClientHello.TLS12, turned);
        return choice != null && choice.suite() == known.getFirst()
                ? "The server chooses by its own preference."
                : "The client's preference decides.";
    }

    private TestStep oldTls() {
        List<String> taken =
                suites.keySet().stream()
                        .filter(version -> version < ClientHello.TLS12)
                        .map(VERSIONS::get)
                        .toList();
        return taken.isEmpty()
                ? TestStep.of("old-tls-refused", TestStep.PASS, "TLS 1.1 and TLS 1.0 are refused.")
                : TestStep.of(
                        "old-tls-refused",
                        TestStep.FAIL,
                        String.join(", ", taken) + " is taken. Raise the listener's protocols.");
    }

    private TestStep weakCiphers() throws IOException {
        Choice choice = offer(ClientHello.TLS12, Suites.WEAK);
        return choice == null
                ? TestStep.of(
                        "weak-ciphers-refused",
                        TestStep.PASS,
                        "Suites without encryption or certificate, of export strength, and with"
                                + " RC4, DES or 3DES are refused.")
                : TestStep.of(
                        "weak-ciphers-refused",
                        TestStep.FAIL,
                        "The suite " + Suites.name(choice.suite()) + " is taken.");
    }

    /** The suites a version takes, in the order in which the server prefers them. */
    List<Integer> taken(int version) throws IOException {
        List<Integer> candidates =
                new ArrayList<>(version == ClientHello.TLS13 ? Suites.TLS13 : Suites.upToTls12());
        var taken = new ArrayList<Integer>();
        while (!candidates.isEmpty()) {
            Choice choice = offer(version, candidates);
            if (choice == null
                    || choice.version() != version
                    || !candidates.removeIf(suite -> suite == choice.suite())) {
                break;
            }
            taken.add(choice.suite());
        }
        return taken;
    }

    private List<Integer> groups() throws IOException {
        var taken = new ArrayList<Integer>();
        if (suites.containsKey(ClientHello.TLS13)) {
            for (int group : Suites.groups()) {
                var hello =
                        new ClientHello(
                                ClientHello.TLS13,
                                Suites.TLS13,
                                List.of(group),
                                false,
                                listener.hostname());
                if (say(hello) != null) {
                    taken.add(group);
                }
            }
        }
        return taken;
    }

    private @Nullable Choice offer(int version, List<Integer> offered) throws IOException {
        return say(
                new ClientHello(
                        version,
                        offered,
                        List.of(ClientHello.X25519, 0x0017, 0x0018, 0x0019, 0x0100),
                        true,
                        listener.hostname()));
    }

    private @Nullable Choice say(ClientHello hello) throws IOException {
        try (var connection = StrangerConnection.beforeTls(listener)) {
            connection.socket().getOutputStream().write(hello.octets());
            return ClientHello.answer(connection.socket().getInputStream());
        }
    }
}

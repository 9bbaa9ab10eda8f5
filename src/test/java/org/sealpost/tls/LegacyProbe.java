package org.sealpost.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.Security;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.testing.TestCa;
import org.sealpost.testing.TestCa.Identity;
import org.sealpost.tls.TlsRequirement.Connect;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;

/**
 * Runs in a JVM of its own, since bans are read once: starts as Sealpost starts, without its beans,
 * and prints what TLS can do afterwards.
 */
final class LegacyProbe {

    private static final TestCa CA = TestCa.create();
    private static final Identity SERVER = CA.leaf("mx.example.com").issue();

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    private LegacyProbe() {}

    public static void main(String[] arguments) throws Exception {
        var application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (var _ = application.run(arguments)) {
            var facts = new ArrayList<String>();
            facts.add("offered=" + RuntimeTls.PROTOCOLS);
            var engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            facts.add("client=" + List.of(engine.getEnabledProtocols()));
            var other = SSLContext.getInstance("TLS");
            other.init(null, null, null);
            engine = other.createSSLEngine();
            engine.setUseClientMode(false);
            facts.add("server=" + List.of(engine.getEnabledProtocols()));
            facts.add("bans=" + Security.getProperty("jdk.tls.disabledAlgorithms"));
            facts.add("chain-bans=" + Security.getProperty("jdk.certpath.disabledAlgorithms"));
            facts.add("suites=" + RuntimeTls.CIPHER_SUITES);
            facts.add("default-rule=" + Protocols.parse("f", ">=TLSv1.2").versions());
            facts.add("legacy-rule=" + parsed(">=TLSv1"));
            facts.add("only-legacy=" + parsed("TLSv1"));
            facts.add("to-old-server-by-legacy-rule=" + talk(">=TLSv1"));
            facts.add("to-old-server-by-default-rule=" + talk(">=TLSv1.2"));
            facts.forEach(LegacyProbe::print);
        }
    }

    @SuppressWarnings("SystemOut") // the test reads it
    private static void print(String fact) {
        System.out.println("fact " + fact);
    }

    private static String parsed(String range) {
        try {
            Protocols protocols = Protocols.parse("f", range);
            return protocols.versions() + " warnings " + protocols.warnings().size();
        } catch (InvalidInput refused) {
            return "refused";
        }
    }

    private static String talk(String range) throws IOException {
        List<String> versions;
        try (TlsServer server = TlsServer.of(SERVER, "TLSv1")) {
            versions = Protocols.parse("f", range).versions();
            var rule = rule(versions);
            var peer = new TlsPeer("mx.example.com", "127.0.0.1", server.port());
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoTimeout(10_000);
                var started = new ClientTls().start(socket, rule, peer, true);
                VerdictDocument verdict =
                        TlsJudge.judge(
                                        rule,
                                        peer,
                                        started.observation(),
                                        Duration.ZERO,
                                        false,
                                        Instant.now())
                                .document();
                return verdict.outcome()
                        + " "
                        + verdict.protocol()
                        + " "
                        + verdict.checks().stream()
                                .filter(check -> check.name().equals("protocol"))
                                .map(VerdictDocument.CheckDocument::result)
                                .toList();
            }
        } catch (IOException failed) {
            return "failed";
        }
    }

    private static TlsRequirement rule(List<String> versions) {
        return new TlsRequirement(
                NextHop.parse("example.com").orElseThrow(),
                TlsLevel.VERIFY,
                Connect.IMPLICIT,
                versions,
                Ciphers.of("ciphers", "medium", List.of()),
                List.of(new NamePattern.Hostname()),
                List.of(),
                Set.of(new TrustAnchor(CA.certificate(), null)),
                null,
                null,
                null,
                null,
                3600,
                null,
                null);
    }
}

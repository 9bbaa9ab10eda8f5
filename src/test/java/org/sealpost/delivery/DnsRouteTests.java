package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.sealpost.delivery.Targets.Found;
import org.sealpost.mail.NextHop;
import org.sealpost.settings.Settings;
import org.sealpost.testing.FakeDns;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import org.xbill.DNS.hosts.HostsFileParser;

/** Which servers a next hop leads to, by the real resolver on a real name server. */
@RunningSealpost
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DnsRouteTests {

    private static final String PATH = "/api/v1/settings/dns";

    private final HttpCaller admin;
    private final Settings settings;
    private final FakeDns dns = new FakeDns();
    private String before = "";
    private String timeout = "";

    DnsRouteTests(@Value("${local.server.port}") int http, Settings settings) throws Exception {
        this.admin = HttpCaller.administrator(http);
        this.settings = settings;
    }

    @BeforeAll
    void askTheFake() throws Exception {
        before = admin.get(PATH).body();
        answerWithin("PT5S");
    }

    private void answerWithin(String limit) throws Exception {
        if (!limit.equals(timeout)) {
            put("{\"servers\":[\"%s\"],\"timeout\":\"%s\"}".formatted(dns.address(), limit));
            timeout = limit;
        }
    }

    @AfterAll
    void askTheSystemAgain() throws Exception {
        put(before);
        dns.close();
    }

    @ParameterizedTest
    @CsvFileSource(
            resources = "/delivery/dns-routes.csv",
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true)
    void leadsWhereTheTableSays(String nextHop, String zone, String wanted) throws Exception {
        dns.knows(zone.split(";"));
        answerWithin(zone.contains("SILENT") ? "PT0.1S" : "PT5S");

        assertThat(found(nextHop, 1)).isEqualTo(wanted);
    }

    @Test
    void equalsAreTriedInAnyOrderButNeverBeforeABetterOne() throws Exception {
        dns.knows(
                "example.com MX 10 a.example.com.",
                "example.com MX 20 b.example.com.",
                "example.com MX 20 c.example.com.",
                "a.example.com A 192.0.2.1",
                "b.example.com A 192.0.2.2",
                "c.example.com A 192.0.2.3");

        var orders = new HashSet<String>();
        for (int seed = 0; seed < 20; seed++) {
            orders.add(found("example.com", seed).replaceAll("\\.example\\.com\\S*", ""));
        }

        assertThat(orders).containsExactlyInAnyOrder("a b c", "a c b");
    }

    /** As with every other program of the machine; MX, which no hosts file has, comes from DNS. */
    @Test
    void theHostsFileGoesBeforeDns(@TempDir Path folder) throws Exception {
        Path hosts =
                Files.writeString(
                        folder.resolve("hosts"),
                        "192.0.2.66 mail.example.com\n2001:db8::66 mail.example.com\n192.0.2.67 only\n");
        var resolver = new ResolverDns(settings, new HostsFileParser(hosts));
        dns.knows("example.com MX 10 mail.example.com.", "mail.example.com A 192.0.2.1");

        assertThat(found(resolver, "example.com", 1))
                .isEqualTo(
                        "mail.example.com[192.0.2.66]:25"
                                + " mail.example.com[2001:db8:0:0:0:0:0:66]:25");
        assertThat(found(resolver, "[mail.example.com]", 1))
                .startsWith("mail.example.com[192.0.2.66]");
        assertThat(found(resolver, "only", 1)).isEqualTo("only[192.0.2.67]:25");
    }

    private String found(String nextHop, int seed) {
        // A new resolver, for one keeps what it was told.
        return found(new ResolverDns(settings), nextHop, seed);
    }

    @Test
    void whatWasAnsweredIsAskedOnceAndWhatFailedAgain() throws Exception {
        var resolver = new ResolverDns(settings);
        dns.knows("example.com MX SERVFAIL");
        assertThat(found(resolver, "example.com", 1)).isEqualTo("defer 4.4.3");

        dns.knows("example.com MX 10 a.example.com.", "a.example.com A 192.0.2.1");
        assertThat(found(resolver, "example.com", 1)).isEqualTo("a.example.com[192.0.2.1]:25");

        dns.knows("example.com MX 10 b.example.com.", "b.example.com A 192.0.2.2");
        assertThat(found(resolver, "example.com", 1)).isEqualTo("a.example.com[192.0.2.1]:25");
        answerWithin("PT4S");
        assertThat(found(resolver, "example.com", 1)).isEqualTo("b.example.com[192.0.2.2]:25");
    }

    private static String found(MailDns resolver, String nextHop, int seed) {
        var targets =
                new Targets(
                        resolver,
                        new Random(seed),
                        (address, port) ->
                                port == 25 && address.getHostAddress().equals("192.0.2.53"));
        return switch (targets.find(NextHop.parse(nextHop).orElseThrow(), "relay.example.test")) {
            case Found.Servers(List<Targets.Target> servers) -> {
                var texts = new ArrayList<String>();
                servers.forEach(server ->
                        texts.add(
                                server.host()
                                        + "["
                                        + server.address().getHostAddress()
                                        + "]:"
                                        + server.port()));
                yield String.join(" ", texts);
            }
            case Found.Nowhere(boolean permanent, String code, String _) ->
                    (permanent ? "bounce " : "defer ") + code;
        };
    }

    private void put(String settings) throws Exception {
        assertThat(admin.json("PUT", PATH, settings).statusCode()).isEqualTo(200);
    }
}

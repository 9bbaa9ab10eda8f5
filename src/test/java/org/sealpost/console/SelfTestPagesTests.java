package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.web.context.WebApplicationContext;

/** What the pages of self-tests show and lead to, without script. */
@RunningSealpost
class SelfTestPagesTests {

    private static final String TESTS = "/api/v1/self-tests";

    private final HttpCaller admin;
    private final Pages pages;
    private final SmtpPeer peer;

    SelfTestPagesTests(@Value("${local.server.port}") int http, WebApplicationContext application)
            throws IOException {
        this.admin = HttpCaller.administrator(http);
        this.pages = Pages.of(application, "selftests:write", "policies:write");
        this.peer = new SmtpPeer();
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
    }

    @Test
    void aTestIsComparedWithTheOneBeforeAndLeadsOn() throws Exception {
        TestCa.Identity identity = TestCa.selfSigned("localhost");
        peer.offersStarttls(identity);
        String first = over(started(TESTS, "{\"nextHop\":\"%s\"}".formatted(peer.nextHop())));
        peer.offersStarttls(identity, "TLSv1.2");
        String second = over(started(TESTS, "{\"nextHop\":\"%s\"}".formatted(peer.nextHop())));

        assertThat(pages.get(page(first))).bodyText().contains("It is the first test of this");
        assertThat(pages.get(page(second)))
                .bodyText()
                .contains(
                        "What differs from the test before",
                        "TLS version",
                        "TLSv1.3",
                        "TLSv1.2",
                        "role=\"img\"",
                        "Oldest first: over TLS, certificate good for ",
                        "Make a rule for this next hop",
                        "Pin the key",
                        "Pin the certificate",
                        "Run again",
                        "Test it every day",
                        "posttls-finger -c -l may")
                .doesNotContain("data-watch=");
        assertThat(pages.page(page(second) + "/json", new MockHttpSession()))
                .startsWith("{\"id\":" + second.substring(TESTS.length() + 1) + ",");
        assertThat(admin.get(second + "/history").body())
                .contains("\"protocol\":\"TLSv1.2\"", "\"protocol\":\"TLSv1.3\"", "\"daysLeft\":");
    }

    @Test
    void aBatchHasABarAndItsResults() throws Exception {
        peer.offersStarttls(TestCa.selfSigned("localhost"));
        String batch =
                over(
                        started(
                                TESTS + "/batches",
                                "{\"destinations\":[\"%s\",\"[127.0.0.1]:1\",\"a b\"]}"
                                        .formatted(peer.nextHop())));

        assertThat(pages.get(page(batch)))
                .bodyText()
                .contains(
                        "2 of 2 are over",
                        "<progress class=\"whole\"",
                        "max=\"2\"",
                        "value=\"2\"",
                        "would wait 1",
                        "over TLS 1",
                        "1 left out",
                        peer.nextHop());
        assertThat(pages.get(page(batch) + "?result=waits"))
                .bodyText()
                .contains("[127.0.0.1]:1")
                .doesNotContain(peer.nextHop());
        assertThat(pages.get("/self-tests/batches")).bodyText().contains("2 of 2 tested");
    }

    private String started(String path, String body) throws Exception {
        HttpResponse<String> response = admin.json("POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return response.headers().firstValue("Location").orElseThrow();
    }

    private String over(String path) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> admin.get(path).body().contains("\"state\":\"done\""));
        return path;
    }

    private static String page(String path) {
        return path.substring("/api/v1".length());
    }
}

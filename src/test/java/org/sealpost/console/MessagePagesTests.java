package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.smtp.Listeners;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.context.WebApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** One message's story across its attempts, found by what a person knows of it. */
@RunningSealpost
class MessagePagesTests {

    private static final Duration SOON = Duration.ofSeconds(15);

    private final HttpCaller admin;
    private final Listeners listeners;
    private final JsonMapper json;
    private final Pages operator;
    private final Pages viewer;
    private final List<String> made = new ArrayList<>();
    private SmtpPeer peer;

    MessagePagesTests(
            @Value("${local.server.port}") int http,
            Listeners listeners,
            JsonMapper json,
            WebApplicationContext application) {
        this.admin = HttpCaller.administrator(http);
        this.listeners = listeners;
        this.json = json;
        this.operator =
                Pages.of(
                        application,
                        "queue:write",
                        "selftests:write",
                        "events:write",
                        "certificates:write",
                        "policies:write");
        this.viewer = Pages.of(application);
    }

    @BeforeEach
    void aPartnerWithoutTls() throws Exception {
        peer = new SmtpPeer();
        make("routes", "{\"pattern\":\"story.example\",\"nextHop\":\"%s\"}");
        make("policies", "{\"nextHop\":\"%s\",\"level\":\"encrypt\"}");
    }

    @AfterEach
    void clear() throws Exception {
        for (String one : made.reversed()) {
            admin.json("DELETE", "/api/v1/" + one, null);
        }
        peer.close();
    }

    @Test
    void aMessageIsFoundAndToldFromConnectToTheLastReply() throws Exception {
        String id = send();
        made.add("queue/" + id);
        await().atMost(SOON).until(() -> count("result=deferred&q=" + id) >= 1);
        long attempts = count("result=deferred&q=" + id);

        assertThat(operator.get("/live/message/" + id))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "connect from unknown[127.0.0.1]",
                        "from=&lt;a@sender.example&gt;",
                        "to=&lt;desk@story.example&gt;",
                        "story-1@sender.example",
                        "TLS is required, but was not offered",
                        ">Retry now<",
                        ">Hold<",
                        ">Test this next hop<",
                        ">Compare and pin its certificate<",
                        ">Trace the next sessions<",
                        ">Relax it for a while<",
                        ">Open the rule<");
        assertThat(viewer.get("/live/message/" + id))
                .bodyText()
                .doesNotContain(">Retry now<", ">Trace the next sessions<");
        for (String known :
                List.of(id, "story-1@sender.example", "desk@story.example", peer.nextHop())) {
            assertThat(count("q=" + encoded(known))).as(known).isPositive();
        }
        assertThat(count("rule=localhost&q=" + id)).isGreaterThanOrEqualTo(attempts);

        assertThat(
                        operator.post(
                                "/queue/actions",
                                Map.of("action", "hold", "id", id, "back", "/live/message/" + id)))
                .hasRedirectedUrl("/live/message/" + id);
        assertThat(operator.get("/live/message/" + id)).bodyText().contains(">Release<");
        assertThat(viewer.get("/live/message/01AAAAAAAAAAAA")).hasStatus(404);
    }

    @Test
    void theStoryOfOneOfTwoMessagesHasTheSessionThatBroughtBoth() throws Exception {
        List<String> replies =
                SmtpPeer.talk(
                        port(),
                        "EHLO both.story.example",
                        "MAIL FROM:<a@sender.example>",
                        "RCPT TO:<first@story.example>",
                        "DATA",
                        "Subject: 1\r\n\r\nx\r\n.",
                        "MAIL FROM:<a@sender.example>",
                        "RCPT TO:<second@story.example>",
                        "DATA",
                        "Subject: 2\r\n\r\nx\r\n.",
                        "QUIT");
        String id = queueId(replies.get(5));
        made.add("queue/" + id);
        made.add("queue/" + queueId(replies.get(9)));
        await().atMost(SOON).until(() -> count("host=both.story.example") == 1);

        assertThat(viewer.get("/live/message/" + id))
                .bodyText()
                .contains("EHLO both.story.example", "first@story.example")
                .doesNotContain("to=&lt;second@story.example&gt;");
    }

    @Test
    void whatThePageShowsIsDownloaded() throws Exception {
        String id = send();
        made.add("queue/" + id);
        await().atMost(SOON).until(() -> count("result=deferred&q=" + id) >= 1);

        assertThat(viewer.get("/live/download/text?result=deferred&q=" + id))
                .hasStatusOk()
                .hasHeader("Content-Disposition", "attachment; filename=\"sealpost-log.txt\"")
                .bodyText()
                .contains(
                        " outbound 127.0.0.1:" + peer.port() + " ",
                        id + ": to=<desk@story.example>")
                .doesNotContain("disconnect");
        String documents =
                viewer.get("/live/download/json?q=" + id).getResponse().getContentAsString();
        assertThat(documents.lines())
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(line ->
                        assertThat(json.readTree(line).get("id").isIntegralNumber()).isTrue());
        assertThat(viewer.get("/live?group=session&q=" + id))
                .bodyText()
                .contains("data-grouped=\"true\"", "/live/download/text?q=" + id, " ms</div>");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void make(String kind, String body) throws Exception {
        String created =
                admin.json("POST", "/api/v1/" + kind, body.formatted(peer.nextHop())).body();
        made.add(kind + "/" + json.readTree(created).get("id").asString());
    }

    private long count(String query) throws Exception {
        return json.readTree(admin.get("/api/v1/events?" + query).body()).get("total").asLong();
    }

    private int port() {
        return listeners.list().stream()
                .filter(state -> state.settings().name().equals("smtp"))
                .findAny()
                .orElseThrow()
                .boundPort();
    }

    private static String queueId(String reply) {
        return reply.substring("250 2.0.0 Ok: queued as ".length());
    }

    private String send() throws Exception {
        List<String> replies =
                SmtpPeer.talk(
                        port(),
                        "EHLO client.example",
                        "MAIL FROM:<a@sender.example>",
                        "RCPT TO:<desk@story.example>",
                        "DATA",
                        "Message-ID:\r\n <story-1@sender.example>\r\nSubject: x\r\n\r\nx\r\n.",
                        "QUIT");
        return queueId(replies.get(replies.size() - 2));
    }
}

package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.testing.RunningSealpost;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.context.WebApplicationContext;

@RunningSealpost
class QueuePagesTests {

    private static final String ID = "0QUEUEPAGES001";

    private final QueueRows rows;
    private final Pages viewer;
    private final Pages operator;

    QueuePagesTests(JdbcTemplate jdbc, WebApplicationContext application) {
        this.rows = new QueueRows(jdbc);
        this.viewer = Pages.of(application);
        this.operator = Pages.of(application, "queue:write");
    }

    @AfterEach
    void clear() {
        rows.clear();
    }

    @Test
    void theListSaysWhatWaitsAndWhy() {
        rows.message(ID, "deferred", "b@partner.queue.example", "c@partner.queue.example");
        rows.refusedByTls(ID);

        assertThat(viewer.get("/queue"))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "<title>Queue",
                        "href=\"/queue/" + ID + "\"",
                        "7 min ago",
                        "12.3 kB",
                        "a@sender.queue.example",
                        "b@partner.queue.example",
                        ">+1<",
                        "/queue?nextHop=partner.queue.example",
                        "4.7.5 Server certificate not verified",
                        ">TLS<",
                        "secure",
                        "in 23 h");
    }

    @Test
    void filtersStandInTheAddressAndTabsKeepThem() {
        rows.message("0QUEUEPAGES001", "deferred", "b@partner.queue.example");
        rows.refusedByTls("0QUEUEPAGES001");
        rows.message("0QUEUEPAGES002", "held", "b@partner.queue.example");

        assertThat(viewer.get("/queue?q=sender.queue&state=held"))
                .bodyText()
                .contains("0QUEUEPAGES002", "/queue?state=deferred&amp;q=sender.queue")
                .doesNotContain("0QUEUEPAGES001");
        assertThat(viewer.get("/queue?nextHop=PARTNER.queue.example"))
                .bodyText()
                .contains("0QUEUEPAGES001")
                .doesNotContain("0QUEUEPAGES002");
        assertThat(viewer.get("/queue?q=nobody.queue.example"))
                .bodyText()
                .contains("No message matches this search.", "Show the whole queue");
        assertThat(viewer.fragment("/queue?state=held"))
                .bodyText()
                .contains("0QUEUEPAGES002")
                .doesNotContain("<title>", "<main");
    }

    @Test
    void pagesFollowEachOther() {
        for (int i = 10; i < 10 + Listing.SIZE + 1; i++) {
            rows.message("0QUEUEPAGES0" + i, "held", "b@page.queue.example");
        }

        assertThat(viewer.get("/queue?q=page.queue"))
                .bodyText()
                .contains("?q=page.queue&amp;after=0QUEUEPAGES059", "51 messages")
                .doesNotContain("0QUEUEPAGES060", "First page");
        assertThat(viewer.get("/queue?q=page.queue&after=0QUEUEPAGES059"))
                .bodyText()
                .contains("0QUEUEPAGES060", "First page")
                .doesNotContain("Next page");
    }

    @Test
    void aMessageIsExplainedCheckByCheck() {
        rows.message(ID, "deferred", "b@partner.queue.example");
        rows.refusedByTls(ID);

        assertThat(viewer.get("/queue/" + ID))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "The mail waits",
                        "The server did not prove who it is.",
                        "Ask the partner.",
                        "Chain of trust",
                        "a trusted chain",
                        "&lt;b&gt;self-signed",
                        "CN=mx.partner.queue.example",
                        "AA:BB:CC",
                        "spki-sha256:DD:EE:FF",
                        ">expired<",
                        "mx.partner.queue.example[192.0.2.1]:25",
                        "It has changed since the last attempt")
                .doesNotContain("<b>self-signed", "Make a rule");
    }

    @Test
    void whoMayEditRulesIsLedToTheRightOne(WebApplicationContext application) {
        rows.message(ID, "deferred", "b@partner.queue.example");
        rows.refusedByTls(ID);

        assertThat(Pages.of(application, "policies:write").get("/queue/" + ID))
                .bodyText()
                .contains("/policies/new?nextHop=partner.queue.example");
    }

    @Test
    void whoMayOnlyLookSeesNoButtonsAndIsRefused() {
        rows.message(ID, "deferred", "b@partner.queue.example");

        assertThat(viewer.get("/queue?q=partner.queue"))
                .bodyText()
                .contains(ID)
                .doesNotContain("value=\"delete\"", "type=\"checkbox\"");
        assertThat(viewer.get("/queue/" + ID)).bodyText().doesNotContain("value=\"delete\"");
        assertThat(
                        viewer.post(
                                "/queue/actions",
                                Map.of("action", "delete", "confirmed", "true", "id", ID)))
                .hasStatus(403)
                .bodyText()
                .contains("Your roles do not include this.");
        assertThat(viewer.get("/queue/" + ID)).hasStatusOk();
    }

    @Test
    void deletingAsksFirstAndNamesWhatIsDeleted() {
        rows.message(ID, "deferred", "b@partner.queue.example");

        assertThat(operator.get("/queue?q=partner.queue"))
                .bodyText()
                .contains("value=\"delete\"", "Choose message " + ID);
        assertThat(operator.post("/queue/actions", Map.of("action", "delete", "id", ID)))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "Delete 1 message?",
                        "a@sender.queue.example",
                        "b@partner.queue.example",
                        "name=\"confirmed\"");
        assertThat(viewer.get("/queue/" + ID)).hasStatusOk();

        var confirmed = Map.of("action", "delete", "confirmed", "true", "id", ID);
        assertThat(operator.post("/queue/actions", confirmed))
                .hasRedirectedUrl("/queue")
                .satisfies(done ->
                        assertThat(done.getMvcResult().getFlashMap().get("flash"))
                                .isEqualTo("1 message is deleted."));
        assertThat(viewer.get("/queue/" + ID)).hasStatus(404);
        assertThat(
                        operator.post("/queue/actions", confirmed)
                                .getMvcResult()
                                .getFlashMap()
                                .get("warning"))
                .isEqualTo("The message is not in the queue any more.");
    }

    @Test
    void anotherWayIsAskedForAndKeepsWhatIsWrongOnTheForm() {
        rows.message(ID, "held", "b@partner.queue.example");
        assertThat(operator.post("/queue/actions", Map.of("action", "route", "id", ID)))
                .hasStatusOk()
                .bodyText()
                .contains("Send 1 message another way", ID, "name=\"nextHop\"")
                .doesNotContain("name=\"weaker\"");

        var nowhere = Map.of("id", ID, "nextHop", "a b");
        assertThat(operator.post("/queue/route", nowhere))
                .hasStatus(422)
                .bodyText()
                .contains("“a b” is not a next hop.", ID);
        var unknown = Map.of("id", ID, "nextHop", "[unknown.queue.example]");
        assertThat(operator.post("/queue/route", unknown))
                .hasStatus(422)
                .bodyText()
                .contains("No route names the next hop [unknown.queue.example].");
        assertThat(viewer.post("/queue/route", unknown)).hasStatus(403);
    }

    @Test
    void oneOrderReachesAllThatMatchOnEveryPage() {
        rows.message("0QUEUEPAGES001", "held", "b@all.queue.example");
        rows.message("0QUEUEPAGES002", "held", "c@all.queue.example");
        rows.message("0QUEUEPAGES003", "held", "d@other.queue.example");
        var delete = new HashMap<>(Map.of("q", "all.queue", "action", "delete"));

        assertThat(operator.get("/queue?q=all.queue"))
                .bodyText()
                .contains("href=\"/queue/all?q=all.queue\"", "All 2 that match");
        assertThat(operator.get("/queue/all?q=all.queue"))
                .bodyText()
                .contains("All 2 messages that match", "all.queue", "value=\"bounce\"");
        assertThat(operator.post("/queue/all", delete))
                .hasStatus(422)
                .bodyText()
                .contains("Type 2 if all of them are meant.");
        assertThat(operator.post("/queue/all", Map.of("q", "all.queue")))
                .hasStatus(422)
                .bodyText()
                .contains("Choose one of the actions.");
        assertThat(
                        operator.post(
                                "/queue/all",
                                Map.of("q", "all.queue", "action", "route", "to", "[new.example]")))
                .hasStatus(422)
                .bodyText()
                .contains("No route names the next hop [new.example].");
        delete.put("count", "2");
        assertThat(operator.post("/queue/all", delete))
                .hasRedirectedUrl("/queue?q=all.queue")
                .satisfies(done ->
                        assertThat(done.getMvcResult().getFlashMap().get("flash"))
                                .isEqualTo("2 messages are deleted."));
        assertThat(viewer.get("/queue?q=queue.example"))
                .bodyText()
                .contains("0QUEUEPAGES003")
                .doesNotContain("0QUEUEPAGES001");
        assertThat(viewer.get("/queue/all")).hasStatus(403);
        assertThat(viewer.post("/queue/all", delete)).hasStatus(403);
    }

    @Test
    void aFormWithoutTicksOrWithAForeignPlaceToReturnToIsHarmless() {
        assertThat(operator.post("/queue/actions", Map.of("action", "retry", "back", "//evil")))
                .hasRedirectedUrl("/queue");
        assertThat(
                        operator.post(
                                "/queue/actions",
                                Map.of("action", "retry", "back", "/queue?state=held&q=a%40b")))
                .hasRedirectedUrl("/queue?state=held&q=a%40b")
                .satisfies(done ->
                        assertThat((String) done.getMvcResult().getFlashMap().get("warning"))
                                .contains("tick some first"));
        assertThat(operator.post("/queue/actions", Map.of("action", "burn", "id", ID)))
                .hasStatus(422);
    }

    @Test
    void aMessageThatIsGoneKeepsTheShellAndSaysWhatMayHaveHappened() {
        assertThat(viewer.get("/queue/" + ID))
                .hasStatus(404)
                .bodyText()
                .contains("<nav", "Not in the queue", "it was delivered, returned or removed");
        assertThat(viewer.get("/queue/no-id")).hasStatus(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4.4.3 Host not found, try again: mx.example       | DNS",
                "4.4.1 connect to mx.example[192.0.2.1]:25 refused | connection",
                "4.3.0 internal error, see the log                 | internal",
                "450 4.2.0 greylisted                              | 4xx",
                "450 4.4.3 their words, not ours                   | 4xx",
                "552 5.2.2 mailbox full                            | 5xx",
                "250 2.0.0 Ok                                      | ok"
            })
    void aReplyShowsItsKind(String reply, String kind) {
        assertThat(ReplyView.of(reply, null).kind()).isEqualTo(kind);
    }
}

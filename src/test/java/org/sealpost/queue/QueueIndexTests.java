package org.sealpost.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.AttemptResult.Outcome;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.queue.QueueIndex.Due;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.sealpost.queue.StoredEnvelope.StoredRecipient;
import org.sealpost.testing.Database;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/** The queue's statements, on each database. */
@ParameterizedClass
@EnumSource(Database.class)
class QueueIndexTests {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final Database database;
    private final JdbcTemplate jdbc;
    private final QueueIndex index;

    QueueIndexTests(Database database) {
        this.database = database;
        DriverManagerDataSource source = database.shared();
        jdbc = new JdbcTemplate(source);
        index =
                new QueueIndex(
                        jdbc,
                        JsonMapper.shared(),
                        database == Database.H2
                                ? QueueDatabase.EMBEDDED
                                : QueueDatabase.POSTGRESQL);
    }

    @BeforeEach
    void empty() {
        database.emptyQueue();
    }

    @Test
    void claimsTheLongestOverdueAndEachOnce() {
        store("A1", NOON.plusSeconds(2), "b@to.example");
        store("A2", NOON, "b@to.example");
        store("A3", NOON.plusSeconds(1), "b@to.example");

        assertThat(index.nextDue()).contains(NOON);
        assertThat(claim(2, NOON.plusSeconds(5)))
                .extracting(due -> due.id().text())
                .containsExactly(id("A2").text(), id("A3").text());
        assertThat(claim(9, NOON.plusSeconds(5)))
                .extracting(due -> due.id().text())
                .containsExactly(id("A1").text());
        assertThat(claim(9, NOON.plusSeconds(5))).isEmpty();
        assertThat(index.nextDue()).isEmpty();
        assertThat(message("A1").state()).isEqualTo("active");
    }

    /** A held message has no next attempt and so comes last, whichever way is sorted. */
    @Test
    void pagesInEveryOrderAndMissesNothing() {
        store("A1", NOON.plusSeconds(2), "b@to.example");
        store("A2", NOON, "b@to.example");
        store("A3", NOON, "b@to.example");
        store("A4", NOON, "b@to.example");
        store("A5", NOON, "b@to.example");
        index.hold(id("A4"));
        index.hold(id("A5"));

        assertThat(paged("receivedAt", false)).isEqualTo("A1 A2 A3 A4 A5");
        assertThat(paged("receivedAt", true)).isEqualTo("A5 A4 A3 A2 A1");
        assertThat(paged("nextAttemptAt", false)).isEqualTo("A2 A3 A1 A4 A5");
        assertThat(paged("nextAttemptAt", true)).isEqualTo("A1 A3 A2 A5 A4");
        assertThat(new QueueOrder("nextAttemptAt", false).place("yesterday A1")).isEmpty();
    }

    /** One message a page. */
    private String paged(String field, boolean descending) {
        var order = new QueueOrder(field, descending);
        var seen = new StringJoiner(" ");
        Optional<QueueOrder.Place> place = Optional.empty();
        do {
            List<QueuedMessage> page = index.page(QueueFilter.ALL, order, place.orElse(null), 1);
            place = page.stream().findFirst().flatMap(one -> order.place(order.keyOf(one)));
            page.forEach(one -> seen.add(one.id().substring(one.id().length() - 2)));
        } while (place.isPresent());
        return seen.toString();
    }

    @Test
    void whatIsNotAdmittedIsDueLaterAndCountsForNothing() {
        store("A1", NOON, "b@slow.example", "c@slow.example");
        store("A2", NOON.plusSeconds(1), "b@fast.example");
        Instant now = NOON.plus(Duration.ofDays(5));
        Instant later = now.plusSeconds(30);

        QueueIndex.Claim claim =
                index.claim(
                        9,
                        now,
                        message -> {
                            assertThat(message.expired()).isEqualTo(message.id().equals(id("A1")));
                            return message.recipients()
                                            .getFirst()
                                            .address()
                                            .domain()
                                            .equals("slow.example")
                                    ? Optional.of(later)
                                    : Optional.empty();
                        });

        assertThat(claim.taken()).containsExactly(new Due(id("A2"), 0));
        assertThat(claim.more()).isFalse();
        assertThat(message("A1").nextAttemptAt()).isEqualTo(later);
        assertThat(message("A1").state()).isEqualTo("queued");
        assertThat(claim(9, later)).containsExactly(new Due(id("A1"), 0));
    }

    @Test
    void whatIsNotDueYetIsLeft() {
        store("A1", NOON, "b@to.example");

        assertThat(claim(9, NOON.minusMillis(1))).isEmpty();
    }

    @Test
    void aDeferredMessageKeepsReplyAttemptAndNextTry() {
        store("A1", NOON, "b@to.example", "c@to.example");
        claim(9, NOON);
        var result = result(Outcome.DEFERRED, "b@to.example", "4.7.5 not verified");

        index.recordAttempts(id("A1"), new AttemptResult(NOON, List.of(result)));
        index.defer(id("A1"), NOON.plusSeconds(60), List.of(result), Map.of("b@to.example", 0));

        QueuedMessage message = message("A1");
        assertThat(message.state()).isEqualTo("deferred");
        assertThat(message.nextAttemptAt()).isEqualTo(NOON.plusSeconds(60));
        assertThat(message.receivedAt()).isEqualTo(NOON);
        assertThat(message.nextHop()).isEqualTo("[mx.example]:25");
        assertThat(message.recipients())
                .extracting(one -> one.address() + " " + one.state() + " " + one.lastReply())
                .containsExactly(
                        "b@to.example deferred 4.7.5 not verified", "c@to.example queued null");
        assertThat(claim(9, NOON.plusSeconds(60))).containsExactly(new Due(id("A1"), 1));
        assertThat(index.attempts(id("A1"))).isEqualTo(1);
    }

    @Test
    void settledRecipientsWaitNoMore() {
        store("A1", NOON, "b@to.example", "c@to.example", "d@to.example");

        index.settle(
                id("A1"),
                List.of(
                        new SpoolRecord.Settled(0, "delivered", "250 ok"),
                        new SpoolRecord.Settled(2, "bounced", "x".repeat(5000))));

        assertThat(index.waiting(id("A1")))
                .extracting(QueueIndex.Waiting::address)
                .containsExactly("c@to.example");
        assertThat(message("A1").recipients().getLast().lastReply()).hasSize(4000);
    }

    @Test
    void aServerMayAnswerNul() {
        store("A1", NOON, "b@to.example");

        index.settle(id("A1"), List.of(new SpoolRecord.Settled(0, "delivered", "250 o\0k")));

        assertThat(message("A1").recipients().getFirst().lastReply()).isEqualTo("250 o?k");
    }

    @Test
    void onlyTheLatestAttemptsAreKept() {
        store("A1", NOON, "b@to.example");

        for (int i = 0; i < 25; i++) {
            var result = result(Outcome.DEFERRED, "b@to.example", "attempt " + i);
            index.recordAttempts(id("A1"), new AttemptResult(NOON.plusSeconds(i), List.of(result)));
        }

        assertThat(message("A1").attempts())
                .extracting(QueuedMessages.Attempt::reply)
                .containsExactlyElementsOf(
                        IntStream.range(5, 25).mapToObj(i -> "attempt " + i).toList());
    }

    @Test
    void claimedMessagesAreDueAgainAfterARestart() {
        store("A1", NOON, "b@to.example");
        store("A2", NOON, "b@to.example");
        claim(1, NOON);

        assertThat(index.returnClaimed(NOON.plus(Duration.ofHours(1)))).isEqualTo(1);
        assertThat(claim(9, NOON.plus(Duration.ofHours(1)))).hasSize(2);
    }

    @Test
    void findsTextInAnyCaseAndTakesNothingForAWildcard() {
        store("A1", NOON, "Bob@To.example");
        store("A2", NOON, "100%_sure!@to.example");
        store("A3", NOON, "jörg@to.example");

        assertThat(found("BOB@to")).containsExactly(id("A1").text());
        assertThat(found("100%_")).containsExactly(id("A2").text());
        assertThat(found("!@")).containsExactly(id("A2").text());
        assertThat(found("1__%")).isEmpty();
        assertThat(found("JÖRG")).containsExactly(id("A3").text());
        assertThat(found(id("A2").text().toLowerCase(Locale.ROOT)))
                .containsExactly(id("A2").text());
        assertThat(found("sender@from.example")).hasSize(3);
        assertThat(index.count(new QueueFilter("bob", null, null))).isEqualTo(1);
        assertThat(index.count(QueueFilter.ALL)).isEqualTo(3);
    }

    @Test
    void findsByStateAndByTheNextHopOfTheLastAttempt() {
        for (String id : List.of("A1", "A2", "A3")) {
            store(id, NOON, "b@to.example");
        }
        claim(2, NOON);
        attempt("A1", NOON, "[old.example]:25");
        attempt("A1", NOON.plusSeconds(60), "[mx.example]:25");
        attempt("A2", NOON, "[old.example]:25");

        assertThat(found(new QueueFilter(null, "deferred", null)))
                .containsExactly(id("A1").text(), id("A2").text());
        assertThat(found(new QueueFilter(null, null, "[MX.example]:25 ")))
                .containsExactly(id("A1").text());
        assertThat(found(new QueueFilter("b@to", "queued", "[mx.example]:25"))).isEmpty();
        assertThat(index.count(new QueueFilter(null, "deferred", "[old.example]:25"))).isEqualTo(1);
        assertThat(index.countByState()).isEqualTo(Map.of("queued", 1L, "deferred", 2L));
    }

    @Test
    void countsWhatWaitsForTlsByNextHop() {
        for (String id : List.of("A1", "A2", "A3", "A4")) {
            store(id, NOON, "b@to.example");
        }
        claim(4, NOON);
        attempt("A1", NOON, "mx.example", "4.7.5 Server certificate not verified");
        attempt("A2", NOON, "other.example", "4.7.4 TLS is required, but was not offered");
        attempt("A3", NOON, "mx.example", "4.7.5 Server certificate not verified");
        attempt("A4", NOON, "mx.example", "4.7.5 Server certificate not verified");
        attempt("A4", NOON.plusSeconds(60), "mx.example", "450 4.7.5 their words");

        assertThat(index.heldUpByTls(9))
                .containsExactly(
                        new QueuedMessages.HeldUp("mx.example", 2, false),
                        new QueuedMessages.HeldUp("other.example", 1, false));
        assertThat(index.heldUpByTls(1)).hasSize(1);
    }

    @Test
    void pagesByIdWithoutGapOrRepeat() {
        for (String id : List.of("A5", "A1", "A3", "A2", "A4")) {
            store(id, NOON, "b@to.example");
        }

        List<QueuedMessage> first = index.page(QueueFilter.ALL, QueueOrder.OLDEST_FIRST, null, 3);
        List<QueuedMessage> second =
                index.page(
                        QueueFilter.ALL,
                        QueueOrder.OLDEST_FIRST,
                        new QueueOrder.Place(null, new QueueId(first.getLast().id())),
                        3);

        assertThat(first)
                .extracting(QueuedMessage::id)
                .containsExactly(id("A1").text(), id("A2").text(), id("A3").text());
        assertThat(second)
                .extracting(QueuedMessage::id)
                .containsExactly(id("A4").text(), id("A5").text());
    }

    @Test
    void leavesNothingBehind() {
        store("A1", NOON, "b@to.example");
        index.recordAttempts(
                id("A1"),
                new AttemptResult(NOON, List.of(result(Outcome.DEFERRED, "b@to.example", "x"))));

        index.remove(id("A1"));

        assertThat(index.ids()).isEmpty();
        assertThat(jdbc.queryForObject("select count(*) from queue_attempt", Long.class)).isZero();
        assertThat(jdbc.queryForObject("select count(*) from queue_recipient", Long.class))
                .isZero();
    }

    private List<String> found(String text) {
        return found(new QueueFilter(text, null, null));
    }

    private List<String> found(QueueFilter filter) {
        return index.page(filter, QueueOrder.OLDEST_FIRST, null, 50).stream()
                .map(QueuedMessage::id)
                .toList();
    }

    private void attempt(String id, Instant at, String nextHop) {
        attempt(id, at, nextHop, "4.4.1 no answer");
    }

    private void attempt(String id, Instant at, String nextHop, String reply) {
        var result =
                new RecipientResult(
                        MailAddress.parse("b@to.example").orElseThrow(),
                        Outcome.DEFERRED,
                        reply,
                        nextHop,
                        null,
                        null);
        index.recordAttempts(id(id), new AttemptResult(at, List.of(result)));
        index.defer(id(id), at, List.of(result), Map.of("b@to.example", 0));
    }

    private List<Due> claim(int most, Instant now) {
        return index.claim(most, now, _ -> Optional.empty()).taken();
    }

    private QueuedMessage message(String id) {
        return index.find(id(id)).orElseThrow();
    }

    private void store(String id, Instant at, String... recipients) {
        index.insert(
                new StoredEnvelope(
                        id(id).text(),
                        "sender@from.example",
                        List.of(recipients).stream()
                                .map(address -> new StoredRecipient(address, null, null))
                                .toList(),
                        false,
                        false,
                        null,
                        null,
                        null,
                        at,
                        at.plus(Duration.ofDays(5))),
                1000,
                Set.of());
    }

    private static QueueId id(String end) {
        return new QueueId("01K87JARTI00" + end);
    }

    private static RecipientResult result(Outcome outcome, String address, String reply) {
        return new RecipientResult(
                MailAddress.parse(address).orElseThrow(),
                outcome,
                reply,
                "[mx.example]:25",
                "mx.example[192.0.2.1]:25",
                null);
    }
}

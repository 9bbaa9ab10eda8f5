package org.sealpost.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.AttemptResult.Outcome;
import org.sealpost.queue.AttemptResult.RecipientResult;
import org.sealpost.queue.QueuedMessages.QueuedMessage;
import org.sealpost.queue.QueuedMessages.QueuedRecipient;
import org.sealpost.testing.Database;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** What a queue must do whatever the store: with files beside H2, and with rows in PostgreSQL. */
@ParameterizedClass
@EnumSource(Database.class)
@SuppressWarnings("NullAway.Init") // each test starts its own
class MessageStoreTests {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int LONG = 1_000_003;
    private static final NextHop ELSEWHERE = NextHop.parse("[192.0.2.9]:25").orElseThrow();

    private final Database database;
    private final DriverManagerDataSource source;
    private final JdbcTemplate jdbc;
    private final JdbcTransactionManager transactions;
    private final QueueIndex index;
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    @TempDir private Path folder;
    private MessageStore store;
    private StoredQueue queue;
    private QueueChanges changes;

    MessageStoreTests(Database database) {
        this.database = database;
        database.emptyQueue();
        source = database.shared();
        jdbc = new JdbcTemplate(source);
        transactions = new JdbcTransactionManager(source);
        index = transactional();
    }

    /** With the transactions that Spring puts around its methods. */
    private QueueIndex transactional() {
        var proxy =
                new ProxyFactory(
                        new QueueIndex(
                                jdbc,
                                JsonMapper.shared(),
                                database == Database.H2
                                        ? QueueDatabase.EMBEDDED
                                        : QueueDatabase.POSTGRESQL));
        proxy.addAdvice(
                new TransactionInterceptor(
                        (TransactionManager) transactions,
                        new AnnotationTransactionAttributeSource()));
        return (QueueIndex) proxy.getProxy();
    }

    @BeforeEach
    void startFirst() {
        newProcess();
        store.create();
        queue.open();
    }

    /** As after a crash: nothing is known but what is on disk. */
    private void crash() {
        newProcess();
        queue.open();
    }

    private void newProcess() {
        store = database == Database.H2 ? files() : rows();
        Clock clock = new MovedClock();
        queue =
                new StoredQueue(
                        store,
                        index,
                        () -> new RetrySettings(MINUTE, MINUTE, Duration.ofDays(5), MINUTE),
                        event -> {},
                        clock,
                        new Random(1));
        changes = new QueueChanges(index, store, queue, event -> {}, clock, transactions);
    }

    private MessageStore files() {
        Path spool = folder.resolve("spool");
        var format =
                new SpoolFile(
                        JsonMapper.shared(),
                        (channel, metadata) -> {
                            if (full.get()) {
                                throw new IOException("No space left on device");
                            }
                            channel.force(metadata);
                        });
        return new SpoolMessageStore(
                new Spool(spool, format),
                new SpoolIdentity(spool, JdbcClient.create(source)),
                index,
                0);
    }

    private MessageStore rows() {
        return new PostgresMessageStore(
                jdbc, transactions, index, JsonMapper.shared(), folder.resolve("incoming"), 0);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatIsAcceptedIsHandedOutOctetForOctet() throws Exception {
        for (int size :
                new int[] {0, 1, BodyRows.PART - 1, BodyRows.PART, BodyRows.PART + 1, LONG}) {
            QueueId id = accept(size, "b@to.example");

            ClaimedMessage claimed = claimOne();

            assertThat(claimed.id()).isEqualTo(id);
            assertThat(claimed.size()).isEqualTo(size);
            assertThat(claimed.receivedAt()).isEqualTo(NOON);
            assertThat(claimed.expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(5)));
            assertThat(claimed.envelope()).isEqualTo(envelope("b@to.example"));
            try (InputStream body = queue.body(id)) {
                assertThat(body.readAllBytes()).as("%s octets", size).isEqualTo(body(size));
            }
            settle(id, Outcome.DELIVERED, "b@to.example");
        }
    }

    @Test
    void aBodyThatBreaksOffLeavesNothing() throws IOException {
        for (int size : new int[] {10, LONG}) {
            InputStream gone = InputStream.nullInputStream();
            gone.close();
            InputStream broken =
                    new SequenceInputStream(new ByteArrayInputStream(body(size)), gone);

            assertThatThrownBy(() -> queue.accept(queue.newId(), envelope("b@to.example"), broken))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Stream closed");

            assertThat(leftovers()).isEmpty();
        }
        crash();
        assertThat(claim()).isEmpty();
    }

    @Test
    void aFullDiskRefusesAndServesAgain() throws Exception {
        QueueId waiting = accept(1000, "b@to.example");
        fill(true);

        assertThatThrownBy(() -> accept(LONG, "b@to.example")).isInstanceOf(QueueFull.class);

        settle(claimOne().id(), Outcome.DELIVERED, "b@to.example");
        assertThat(queue.find(waiting)).isEmpty();
        assertThat(leftovers()).isEmpty();
        fill(false);
        accept(LONG, "b@to.example");
        assertThat(claim()).hasSize(1);
    }

    @Test
    void aDeliveredMessageIsGoneWithAllThatBelongedToIt() throws Exception {
        QueueId id = accept(LONG, "b@to.example", "c@to.example");
        claimOne();
        queue.delayTold(id);
        settle(id, Outcome.DEFERRED, "b@to.example", "c@to.example");
        later();
        claimOne();
        settle(id, Outcome.DELIVERED, "b@to.example", "c@to.example");

        assertThat(leftovers()).isEmpty();
        crash();
        assertThat(claim()).isEmpty();
    }

    @Test
    void whoIsSettledIsNotTriedAgainThoughTheProcessDies() throws Exception {
        QueueId id = accept(10, "b@to.example", "c@to.example", "d@to.example");
        claimOne();
        queue.settle(
                id,
                new AttemptResult(
                        NOON,
                        List.of(
                                result("b@to.example", Outcome.DELIVERED),
                                result("c@to.example", Outcome.BOUNCED),
                                result("d@to.example", Outcome.DEFERRED))));
        assertThat(claim()).as("before its time").isEmpty();

        crash();

        assertThat(state(id)).isEqualTo("deferred");
        assertThat(found(id).recipients())
                .extracting(QueuedRecipient::state)
                .containsExactly("delivered", "bounced", "deferred");
        assertThat(found(id).attempts()).hasSize(3);
        later();
        ClaimedMessage again = claimOne();
        assertThat(again.envelope()).isEqualTo(envelope("d@to.example"));
        assertThat(again.attempts()).isEqualTo(1);
        settle(id, Outcome.BOUNCED, "d@to.example");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void whatPeopleAndNoticesSaidIsKept() throws Exception {
        QueueId id = accept(10, "b@to.example");
        claimOne();
        queue.delayTold(id);
        settle(id, Outcome.DEFERRED, "b@to.example");
        changes.hold(id);
        changes.reroute(id, List.of("b@to.example"), ELSEWHERE);

        crash();

        later();
        assertThat(claim()).as("held").isEmpty();
        changes.release(id);
        ClaimedMessage claimed = claimOne();
        assertThat(claimed.delayTold()).isTrue();
        assertThat(claimed.routes()).containsExactly(Map.entry(address("b@to.example"), ELSEWHERE));
    }

    @Test
    void aClaimedMessageIsGivenBackHeldWhenItWas() throws Exception {
        QueueId id = accept(10, "b@to.example");
        changes.hold(id);

        assertThat(queue.claim(id).id()).isEqualTo(id);
        assertThat(state(id)).isEqualTo("active");
        queue.giveBack(id);
        assertThat(state(id)).isEqualTo("held");

        queue.claim(id);
        queue.remove(id);
        assertThat(leftovers()).isEmpty();
        assertThatThrownBy(() -> queue.claim(id)).isInstanceOf(NotFound.class);
    }

    @Test
    void whatSomebodyDeletesIsGone() throws Exception {
        QueueId id = accept(LONG, "b@to.example");

        changes.delete(id);

        assertThat(leftovers()).isEmpty();
        crash();
        assertThat(claim()).isEmpty();
    }

    @Test
    void anExpiredMessageIsSaidToBe() throws Exception {
        QueueId id = accept(10, "b@to.example");
        now.set(NOON.plus(Duration.ofDays(5)));
        var expired = new ArrayList<QueueId>();

        queue.claim(
                9,
                now.get(),
                message -> {
                    if (message.expired()) {
                        expired.add(message.id());
                    }
                    return Optional.empty();
                });

        assertThat(expired).containsExactly(id);
    }

    @Test
    void whatWasBeingDeliveredIsDueAfterACrashAndNewIdsAreNew() throws Exception {
        QueueId first = accept(10, "b@to.example");
        claimOne();
        now.set(NOON.minus(Duration.ofDays(1))); // the clock was set back meanwhile

        crash();

        assertThat(queue.newId().text()).isGreaterThan(first.text());
        assertThat(claimOne().id()).isEqualTo(first);
    }

    /** The claimer dies between its look at the rows and its commit. */
    @Test
    void aClaimThatWasNotCommittedNeverWas() throws Exception {
        QueueId first = accept(10, "b@to.example");
        now.set(NOON.plusSeconds(1));
        QueueId second = accept(10, "b@to.example");

        new TransactionTemplate(transactions)
                .executeWithoutResult(status -> {
                    assertThat(taken(1)).containsExactly(first);
                    if (database == Database.POSTGRESQL) {
                        assertThat(elsewhere(() -> taken(9)))
                                .as("passes over the rows of the other claim")
                                .containsExactly(second);
                    }
                    status.setRollbackOnly();
                });

        assertThat(claim()).extracting(ClaimedMessage::id).contains(first);
    }

    @Test
    void aDamagedMessageIsNeitherDeliveredNorDeleted() throws Exception {
        QueueId id = accept(LONG, "b@to.example");
        damage(id);

        assertThat(claim()).isEmpty();
        crash();
        assertThat(claim()).isEmpty();
        assertThat(leftovers()).isNotEmpty();
    }

    @Test
    void aResultThatCannotBeWrittenDownIsWrittenLater() throws Exception {
        QueueId id = accept(10, "b@to.example");
        claimOne();
        jdbc.execute("alter table queue_message rename to away");

        settle(id, Outcome.DELIVERED, "b@to.example");

        jdbc.execute("alter table away rename to queue_message");
        assertThat(claim()).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    private List<QueueId> taken(int most) {
        return index.claim(most, now.get(), message -> Optional.empty()).taken().stream()
                .map(QueueIndex.Due::id)
                .toList();
    }

    /** On a connection, and in a transaction, of its own. */
    private <T> T elsewhere(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Executors.newVirtualThreadPerTaskExecutor())
                .join();
    }

    private void fill(boolean wanted) {
        full.set(wanted);
        if (database == Database.POSTGRESQL) {
            jdbc.execute(
                    wanted
                            ? "create function full_disk() returns trigger language plpgsql as $$ begin"
                                    + " if new.part > 1 then raise exception 'could not extend file'"
                                    + " using errcode = 'disk_full'; end if; return new; end $$;"
                                    + " create trigger full_disk before insert on queue_body for each"
                                    + " row execute function full_disk()"
                            : "drop function full_disk() cascade");
        }
    }

    private void damage(QueueId id) throws IOException {
        if (database == Database.POSTGRESQL) {
            jdbc.update("delete from queue_body where message_id = ? and part = 2", id.text());
            return;
        }
        String text = id.text();
        Path file = folder.resolve("spool", text.substring(text.length() - 1), text + ".msg");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    /** All that is anywhere of any message. */
    private List<String> leftovers() throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".id"))
                    .forEach(found::add);
        }
        var tables = new ArrayList<>(List.of("message", "recipient", "attempt"));
        if (database == Database.POSTGRESQL) {
            tables.addAll(List.of("envelope", "body", "record"));
        }
        for (String table : tables) {
            Long rows = jdbc.queryForObject("select count(*) from queue_" + table, Long.class);
            if (rows == null || rows > 0) {
                found.add(rows + " rows in queue_" + table);
            }
        }
        return found;
    }

    private QueueId accept(int size, String... recipients) throws IOException, QueueFull {
        QueueId id = queue.newId();
        queue.accept(id, envelope(recipients), new ByteArrayInputStream(body(size)));
        return id;
    }

    private List<ClaimedMessage> claim() {
        return queue.claim(9, now.get(), message -> Optional.empty());
    }

    private ClaimedMessage claimOne() {
        List<ClaimedMessage> claimed = claim();
        assertThat(claimed).hasSize(1);
        return claimed.getFirst();
    }

    private void settle(QueueId id, Outcome outcome, String... recipients) {
        queue.settle(
                id,
                new AttemptResult(
                        now.get(),
                        Stream.of(recipients).map(address -> result(address, outcome)).toList()));
    }

    private void later() {
        now.set(now.get().plus(MINUTE.multipliedBy(2)));
    }

    private QueuedMessage found(QueueId id) {
        return queue.find(id).orElseThrow();
    }

    private String state(QueueId id) {
        return found(id).state();
    }

    private static RecipientResult result(String address, Outcome outcome) {
        return new RecipientResult(
                address(address), outcome, outcome + " said the server", "to.example", null, null);
    }

    private static Envelope envelope(String... recipients) {
        return new Envelope(
                address("a@from.example"),
                Stream.of(recipients)
                        .map(one ->
                                new Envelope.Recipient(
                                        address(one), "FAILURE,DELAY", "rfc822;" + one))
                        .toList(),
                true,
                true,
                "HDRS",
                "id+2B1",
                "session-1");
    }

    private static byte[] body(int size) {
        byte[] body = new byte[size];
        new Random(size).nextBytes(body);
        return body;
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }

    private final class MovedClock extends Clock {
        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}

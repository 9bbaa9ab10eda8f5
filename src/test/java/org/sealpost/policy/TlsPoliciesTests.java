package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sealpost.policy.PolicyFixtures.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.PolicyAttributes.PinLabel;
import org.sealpost.policy.PolicyBatch.Action;
import org.sealpost.policy.PolicyBatch.Changed;
import org.sealpost.policy.PolicyBatch.Removed;
import org.sealpost.policy.StrengthChange.Strength;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.tls.TlsLevel;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/** The table as it is stored and looked up: many changes are one, and memory follows the rows. */
@RunningSealpost
class TlsPoliciesTests {

    private final TlsPolicies policies;
    private final RuleRows rows;
    private final JdbcClient database;

    TlsPoliciesTests(TlsPolicies policies, RuleRows rows, JdbcClient database) {
        this.policies = policies;
        this.rows = rows;
        this.database = database;
    }

    @BeforeEach
    void signIn() {
        var editor =
                new TestingAuthenticationToken("editor", "", "policies:read", "policies:write");
        SecurityContextHolder.getContext().setAuthentication(editor);
    }

    @AfterEach
    void clear() {
        List<Removed> all =
                policies.all().stream()
                        .filter(rule -> rule.nextHop().contains("batch.example"))
                        .map(rule -> new Removed(rule.id(), rule.version()))
                        .toList();
        policies.apply(new PolicyBatch(Action.EDIT, List.of(), List.of(), all));
        SecurityContextHolder.clearContext();
    }

    @Test
    void manyChangesActTogetherAndAreAuditedAsAnImport() {
        TlsPolicy kept = policies.create(draft("kept.batch.example", "may"));
        TlsPolicy gone = policies.create(draft("gone.batch.example", "may"));

        List<TlsPolicy> stored =
                policies.apply(
                        new PolicyBatch(
                                Action.IMPORT,
                                List.of(
                                        draft("new.batch.example", "secure"),
                                        draft("gone.batch.example", "encrypt")),
                                List.of(
                                        new Changed(
                                                kept.id(),
                                                kept.version(),
                                                draft("kept.batch.example", "verify"))),
                                List.of(new Removed(gone.id(), gone.version()))));

        assertThat(stored).hasSize(3);
        assertThat(level("new.batch.example")).isEqualTo(TlsLevel.SECURE);
        assertThat(level("gone.batch.example")).isEqualTo(TlsLevel.ENCRYPT);
        assertThat(level("kept.batch.example")).isEqualTo(TlsLevel.VERIFY);
        assertThat(policies.all()).containsExactlyInAnyOrderElementsOf(rows.all());
        assertThat(
                        database.sql(
                                        "select count(*) from audit_entry where action ="
                                                + " 'policy.imported' and actor = 'editor'")
                                .query(Integer.class)
                                .single())
                .isGreaterThanOrEqualTo(4);
    }

    @Test
    void nothingIsChangedWhenOnePartCannotBe() {
        TlsPolicy kept = policies.create(draft("kept.batch.example", "may"));
        List<TlsPolicy> before = policies.all();

        assertThatThrownBy(() ->
                        policies.apply(
                                new PolicyBatch(
                                        Action.IMPORT,
                                        List.of(
                                                draft("new.batch.example", "secure"),
                                                draft("bad.batch.example", "may protocols=TLSv9"),
                                                draft("worse.batch.example", "fingerprint")),
                                        List.of(),
                                        List.of(new Removed(kept.id(), kept.version())))))
                .isInstanceOfSatisfying(
                        InvalidInput.class, refusal -> assertThat(refusal.problems()).hasSize(2));
        assertThatThrownBy(() ->
                        policies.apply(
                                batch(
                                        draft("new.batch.example", "secure"),
                                        draft("kept.batch.example", "secure"))))
                .isInstanceOf(Conflict.class);
        assertThatThrownBy(() ->
                        policies.apply(
                                batch(
                                        draft("twice.batch.example", "secure"),
                                        draft("TWICE.batch.example", "may"))))
                .isInstanceOf(Conflict.class);
        assertThatThrownBy(() ->
                        policies.apply(
                                new PolicyBatch(
                                        Action.IMPORT,
                                        List.of(draft("new.batch.example", "secure")),
                                        List.of(),
                                        List.of(new Removed(kept.id(), kept.version() + 1)))))
                .isInstanceOf(StaleVersion.class);

        assertThat(policies.all()).isEqualTo(before);
        assertThat(rows.all()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void thousandsOfRulesAreOneChange() {
        List<PolicyDraft> many =
                IntStream.range(0, 2_500)
                        .mapToObj(i -> draft("h" + i + ".batch.example", "secure match=mx.example"))
                        .toList();

        List<TlsPolicy> stored = policies.apply(batch(many.toArray(PolicyDraft[]::new)));

        assertThat(stored).hasSize(2_500).doesNotHaveDuplicates();
        assertThat(stored.get(1_234).nextHop()).isEqualTo("h1234.batch.example");
        assertThat(rows.find(List.of(stored.get(1_234).id()))).containsValue(stored.get(1_234));
        assertThat(rows.all()).containsExactlyInAnyOrderElementsOf(policies.all());
        List<Changed> changes =
                stored.stream()
                        .map(rule -> new Changed(rule.id(), 0, draft(rule.nextHop(), "encrypt")))
                        .toList();
        policies.apply(new PolicyBatch(Action.IMPORT, List.of(), changes, List.of()));
        assertThat(level("h2499.batch.example")).isEqualTo(TlsLevel.ENCRYPT);
        assertThat(rows.all()).containsExactlyInAnyOrderElementsOf(policies.all());
        assertThat(audited("policy import"))
                .endsWith(
                        "{\"added\":2500,\"changed\":0,\"removed\":0}",
                        "{\"added\":0,\"changed\":2500,\"removed\":0}");
        assertThat(audited("policy " + stored.get(1_234).id()))
                .satisfiesExactly(
                        added -> assertThat(added).contains("secure"),
                        changed -> assertThat(changed).contains("encrypt"));
    }

    @Test
    void aFailureAmongThousandsLeavesNothingBehind() {
        TlsPolicy kept = policies.create(draft("kept.batch.example", "may"));
        List<TlsPolicy> before = policies.all();
        int audited = audited("policy import").size();
        List<PolicyDraft> many =
                new ArrayList<>(
                        IntStream.range(0, 1_500)
                                .mapToObj(i -> draft("h" + i + ".batch.example", "may"))
                                .toList());
        // Only the database knows that this is too long: by then most rows are written.
        PolicyAttributes tooLong =
                PolicyAttributes.builder()
                        .policyType("sts")
                        .policyString(List.of("x".repeat(20_001)))
                        .build();
        many.add(new PolicyDraft("last.batch.example", "encrypt", tooLong, null, null, null));

        assertThatThrownBy(() ->
                        policies.apply(
                                new PolicyBatch(
                                        Action.IMPORT,
                                        many,
                                        List.of(),
                                        List.of(new Removed(kept.id(), kept.version())))))
                .isInstanceOf(DataIntegrityViolationException.class);

        assertThat(policies.all()).isEqualTo(before);
        assertThat(rows.all()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(audited("policy import")).hasSize(audited);
        assertThat(level("kept.batch.example")).isEqualTo(TlsLevel.MAY);
    }

    @Test
    void aKeyThatBecomesFreeInABatchCanBeTakenInIt() {
        TlsPolicy one = policies.create(draft("one.batch.example", "may"));
        TlsPolicy two = policies.create(draft("two.batch.example", "encrypt"));

        policies.apply(
                edit(
                        new Changed(one.id(), 0, draft("three.batch.example", "may")),
                        new Changed(two.id(), 0, draft("one.batch.example", "encrypt"))));

        assertThat(level("one.batch.example")).isEqualTo(TlsLevel.ENCRYPT);
        assertThat(found("two.batch.example").matchedKey()).isNull();
        assertThat(rows.all()).containsExactlyInAnyOrderElementsOf(policies.all());
        assertThatThrownBy(() ->
                        policies.apply(
                                edit(
                                        new Changed(two.id(), 1, draft("x.batch.example", "may")),
                                        new Changed(one.id(), 1, draft("x.batch.example", "may")))))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void whoMayNotNameFilesDoesNotLearnWhichExist() {
        assertThatThrownBy(
                        () -> policies.check(draft("x.batch.example", "secure tafile=missing.pem")))
                .isInstanceOfSatisfying(
                        InvalidInput.class,
                        refusal ->
                                assertThat(refusal.problems())
                                        .extracting(InvalidInput.Problem::message)
                                        .containsExactly("Only an administrator may name a file."));
    }

    @Test
    void attributesComeBackAsTheyWereWritten() {
        String pin = "sha256:" + "AB:".repeat(31) + "AB";
        PolicyAttributes written =
                PolicyAttributes.builder()
                        .match(List.of(pin))
                        .protocols("")
                        .exclude("")
                        .connectionReuse("yes")
                        .enableRpk("no")
                        .policyType("sts")
                        .policyDomain("batch.example")
                        .policyString(List.of("version: STSv1", "mode: enforce"))
                        .mxHostPattern(List.of("*.batch.example"))
                        .labels(Map.of(pin, new PinLabel("of 2026", "mx.batch.example")))
                        .build();

        TlsPolicy stored =
                policies.create(
                        new PolicyDraft(
                                "all.batch.example", "fingerprint", written, null, null, null));

        assertThat(stored.attributes()).isEqualTo(written);
        assertThat(rows.all()).contains(stored);
        assertThat(policies.find(stored.id())).contains(stored);
    }

    @Test
    void aLabelNeedsItsPin() {
        PolicyAttributes foreign =
                PolicyAttributes.builder()
                        .match(List.of("aa".repeat(32)))
                        .labels(Map.of("bb".repeat(32), new PinLabel("of nothing", null)))
                        .build();

        assertThatThrownBy(() ->
                        policies.check(
                                new PolicyDraft(
                                        "x.batch.example",
                                        "fingerprint",
                                        foreign,
                                        null,
                                        null,
                                        null)))
                .isInstanceOfSatisfying(
                        InvalidInput.class,
                        refusal ->
                                assertThat(refusal.problems().getFirst().field())
                                        .isEqualTo("attributes.labels"));
    }

    @Test
    void aDisabledRuleIsSkippedAndTheLookUpSaysSo() {
        policies.create(draft(".batch.example", "encrypt"));
        policies.create(draft("off.batch.example", "secure mode=disabled"));

        var found = found("off.batch.example");

        assertThat(found.matchedKey()).isEqualTo(".batch.example");
        assertThat(found.keysTried()).containsExactly("off.batch.example", ".batch.example");
        assertThat(found.warnings()).singleElement().asString().contains("off.batch.example");
    }

    @Test
    void aLookUpSaysWhereEachSettingComesFrom() {
        policies.create(draft("origin.batch.example", "secure match=nexthop ciphers=medium"));

        assertThat(found("origin.batch.example").origins())
                .containsEntry("match", "rule")
                .containsEntry("ciphers", "rule")
                .containsEntry("protocols", "default")
                .containsEntry("tafile", "default")
                .containsEntry("servername", "default");
    }

    @Test
    void anEditIsComparedWithWhatHoldsWithoutTheRule() {
        policies.create(draft(".batch.example", "secure"));
        TlsPolicy below = policies.create(draft("a.batch.example", "encrypt"));
        TlsPolicy off = policies.create(draft("b.batch.example", "secure mode=disabled"));

        assertThat(strength(below.id())).isEqualTo(Strength.STRONGER);
        assertThat(strength(null, "may")).isEqualTo(Strength.WEAKER);
        assertThat(strength(off.id(), "secure mode=disabled", "b.batch.example"))
                .isEqualTo(Strength.SAME);
        assertThat(strength(off.id())).isEqualTo(Strength.SAME);
        assertThat(policies.compare(below.id(), draft("x.other.example", "encrypt")).strength())
                .isEqualTo(Strength.STRONGER);
    }

    @Test
    void theReasonForAChangeIsAudited() {
        TlsPolicy rule = policies.create(draft("why.batch.example", "secure"));

        TlsPolicy weaker =
                policies.update(
                        rule.id(), draft("why.batch.example", "may"), null, "their MX moved");
        policies.delete(weaker.id(), weaker.version(), "partner is gone");
        long other = policies.create(draft("other.batch.example", "may")).id();
        policies.update(other, draft("other.batch.example", "secure"), null);
        policies.delete(other, null);

        assertThat(audited("policy " + rule.id()))
                .hasSize(3)
                .satisfiesExactly(
                        created -> assertThat(created).doesNotContain("reason"),
                        changed ->
                                assertThat(changed)
                                        .contains("\"nextHop\":\"why.batch.example\"")
                                        .contains(
                                                "\"weaker\":[\"The level falls from secure to may.\"]")
                                        .contains("\"reason\":\"their MX moved\""),
                        removed ->
                                assertThat(removed).isEqualTo("{\"reason\":\"partner is gone\"}"));
    }

    /** A rule that goes leaves its destination to its parent's rule, as it is after the batch. */
    @Test
    void whatGetsWeakerByARemovalOrAnAdditionIsAudited() {
        TlsPolicy parent = policies.create(draft(".weak.batch.example", "verify"));
        TlsPolicy rule = policies.create(draft("a.weak.batch.example", "secure"));
        TlsPolicy hole = policies.create(draft("b.weak.batch.example", "none"));

        policies.apply(
                new PolicyBatch(
                        Action.IMPORT,
                        List.of(),
                        List.of(
                                new Changed(
                                        parent.id(),
                                        parent.version(),
                                        draft(".weak.batch.example", "encrypt"))),
                        List.of(new Removed(rule.id(), rule.version()))));

        assertThat(audited("policy " + hole.id()))
                .singleElement()
                .asString()
                .contains("\"weaker\":[\"The level falls from verify to none.\"]");
        assertThat(audited("policy " + rule.id()).getLast())
                .isEqualTo("{\"weaker\":[\"The level falls from secure to encrypt.\"]}");
        assertThat(audited("policy " + parent.id()).getLast())
                .contains("\"weaker\":[\"The level falls from verify to encrypt.\"]");
    }

    @Test
    void nobodyWritesWithoutTheAuthority() {
        TlsPolicy rule = policies.create(draft("kept.batch.example", "secure"));
        PolicyDraft draft = draft("kept.batch.example", "none");
        var viewer = new TestingAuthenticationToken("viewer", "", "policies:read");
        SecurityContextHolder.getContext().setAuthentication(viewer);

        List<ThrowingCallable> writes =
                List.of(
                        () -> policies.create(draft("new.batch.example", "may")),
                        () -> policies.update(rule.id(), draft, null),
                        () -> policies.update(rule.id(), draft, null, "why"),
                        () -> policies.delete(rule.id(), null),
                        () -> policies.delete(rule.id(), null, "why"),
                        () -> policies.apply(batch(draft("new.batch.example", "may"))));

        assertThat(writes)
                .allSatisfy(write ->
                        assertThatThrownBy(write).isInstanceOf(AccessDeniedException.class));
        signIn();
        assertThat(policies.find(rule.id())).contains(rule);
    }

    private Strength strength(@org.jspecify.annotations.Nullable Long id, String... rule) {
        return policies.compare(
                        id,
                        rule.length == 0
                                ? null
                                : draft(rule.length > 1 ? rule[1] : "new.batch.example", rule[0]))
                .strength();
    }

    private List<@Nullable String> audited(String object) {
        return database.sql("select after_value from audit_entry where object = ? order by id")
                .param(object)
                .query(String.class)
                .list();
    }

    private static PolicyBatch edit(Changed... changed) {
        return new PolicyBatch(Action.EDIT, List.of(), List.of(changed), List.of());
    }

    private static PolicyBatch batch(PolicyDraft... added) {
        return new PolicyBatch(Action.IMPORT, List.of(added), List.of(), List.of());
    }

    private TlsLevel level(String nextHop) {
        return found(nextHop).requirement().level();
    }

    private PolicyLookup.Found found(String nextHop) {
        return (PolicyLookup.Found)
                Objects.requireNonNull(policies.lookup(NextHop.parse(nextHop).orElseThrow()));
    }
}

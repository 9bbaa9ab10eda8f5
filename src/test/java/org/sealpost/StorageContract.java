package org.sealpost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sealpost.account.SmtpUsers;
import org.sealpost.account.SmtpUsers.SmtpUserDraft;
import org.sealpost.account.SubmissionAccounts;
import org.sealpost.account.SubmissionCheck;
import org.sealpost.account.Users;
import org.sealpost.audit.AuditTrail;
import org.sealpost.certificate.Certificates;
import org.sealpost.delivery.Routes;
import org.sealpost.delivery.Routes.RouteDraft;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.StaleVersion;
import org.sealpost.policy.PolicyAttributes;
import org.sealpost.policy.PolicyDraft;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsPolicy;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * What every database must keep, through the modules' doors. That the application is up at all says
 * that the migrations ran and that every entity fits its table.
 */
abstract class StorageContract {

    private final BeanFactory sealpost;

    StorageContract(BeanFactory sealpost) {
        this.sealpost = sealpost;
    }

    @BeforeEach
    void signIn() {
        SecurityContextHolder.getContext()
                .setAuthentication(
                        new TestingAuthenticationToken(
                                "storage",
                                "",
                                "policies:write",
                                "routes:write",
                                "certificates:read",
                                "certificates:write",
                                "settings:write",
                                "users:read",
                                "users:write",
                                "audit:read"));
    }

    @AfterEach
    void signOut() {
        SecurityContextHolder.clearContext();
    }

    @Test
    void allMigrationsRan() {
        var flyway = sealpost.getBean(Flyway.class);

        assertThat(flyway.info().pending()).isEmpty();
        assertThat(flyway.info().applied()).isNotEmpty();
    }

    @Test
    void policiesAreKeptOnceEachAndPaged() {
        var policies = sealpost.getBean(TlsPolicies.class);
        TlsPolicy kept = policies.create(policy("b.storage.example", "Bücher 100%"));
        policies.create(policy("a.storage.example", "x"));

        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> policies.create(policy("b.storage.example", "again")));
        assertThat(policies.all())
                .extracting(TlsPolicy::nextHop)
                .containsExactly("a.storage.example", "b.storage.example");

        TlsPolicy changed = policies.update(kept.id(), policy("b.storage.example", "new"), 0L);
        assertThat(changed.version()).isEqualTo(1);
        assertThat(changed.attributes().protocols()).isEqualTo(">=TLSv1.2");
        assertThatExceptionOfType(StaleVersion.class)
                .isThrownBy(() -> policies.update(kept.id(), policy("b.storage.example", "y"), 0L));
        policies.all().stream()
                .filter(rule -> rule.nextHop().contains("storage"))
                .toList()
                .forEach(one -> policies.delete(one.id(), null));
        assertThat(policies.all()).isEmpty();
    }

    @Test
    void routesAreKeptOnceEach() {
        var routes = sealpost.getBean(Routes.class);
        long kept = routes.create(route("storage.example", "[mx.storage.example]:25")).id();

        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() -> routes.create(route("storage.example", "[other]:25")));
        routes.update(kept, route("storage.example", "[new.storage.example]:26"), 0L);
        assertThatExceptionOfType(StaleVersion.class)
                .isThrownBy(() -> routes.update(kept, route("storage.example", "[x]:1"), 0L));
        assertThat(
                        routes.nextHopFor(MailAddress.parse("a@storage.example").orElseThrow())
                                .toString())
                .isEqualTo("[new.storage.example]:26");
        routes.delete(kept, 1L);
        assertThat(routes.find(kept)).isEmpty();
    }

    @Test
    void certificatesAreKeptOnceEach() {
        var certificates = sealpost.getBean(Certificates.class);
        byte[] pem = TestCa.create().pem().getBytes(StandardCharsets.US_ASCII);

        var upload = new Certificates.NewCertificate(List.of(pem), null, "anchor");
        var first = certificates.add(upload);
        var second = certificates.add(upload);

        long id = Objects.requireNonNull(first.certificate().id());
        assertThat(first.created()).isTrue();
        assertThat(second.created()).isFalse();
        assertThat(second.certificate().id()).isEqualTo(id);
        assertThat(certificates.pem(id)).isPresent();
        certificates.delete(id);
        assertThat(certificates.find(id)).isEmpty();
    }

    @Test
    void usersAreKeptOnceEach() {
        var users = sealpost.getBean(Users.class);
        var wanted = new Users.NewUser("storage", "Correct-Horse-9", List.of("operator"));

        var user = users.create(wanted);

        assertThatExceptionOfType(Conflict.class).isThrownBy(() -> users.create(wanted));
        assertThat(users.changeRoles(user.id(), List.of("viewer", "auditor")).roles()).hasSize(2);
        assertThat(users.list()).extracting(Users.User::username).contains("admin", "storage");
        users.delete(user.id());
        assertThat(users.find(user.id())).isEmpty();
    }

    @Test
    void mailAccountsAreKeptAndSignIn() {
        var accounts = sealpost.getBean(SmtpUsers.class);
        accounts.create(new SmtpUserDraft("storage", "Horse-Battery-7", List.of("a@b.example")));

        assertThatExceptionOfType(Conflict.class)
                .isThrownBy(() ->
                        accounts.create(
                                new SmtpUserDraft("storage", "Horse-Battery-7", List.of())));
        assertThat(
                        sealpost.getBean(SubmissionAccounts.class)
                                .authenticate(
                                        "storage",
                                        "Horse-Battery-7",
                                        InetAddress.getLoopbackAddress()))
                .isEqualTo(new SubmissionCheck.Accepted("storage", List.of("a@b.example")));
        accounts.delete("storage", null);
        assertThat(accounts.find("storage")).isEmpty();
    }

    @Test
    void settingsAreVersioned() {
        var settings = sealpost.getBean(Settings.class);
        var before = settings.getVersioned(RelaySettings.SECTION);
        var wanted = new RelaySettings(before.value().networks(), List.of("storage.example"));

        var after = settings.update(RelaySettings.SECTION, wanted, before.version());

        assertThat(after.version()).isGreaterThan(before.version());
        assertThat(settings.get(RelaySettings.SECTION)).isEqualTo(wanted);
        assertThatExceptionOfType(StaleVersion.class)
                .isThrownBy(() -> settings.update(RelaySettings.SECTION, wanted, before.version()));
        settings.update(RelaySettings.SECTION, before.value(), after.version());
    }

    @Test
    void changesAreAuditedAndFound() {
        var audit = sealpost.getBean(AuditTrail.class);
        var routes = sealpost.getBean(Routes.class);
        long route = routes.create(route("audited.storage.example", "[mx.example]:25")).id();
        routes.delete(route, null);

        List<AuditTrail.Entry> entries = audit.page("STORAGE", null, 2);

        assertThat(entries)
                .extracting(AuditTrail.Entry::action)
                .containsExactly("route.removed", "route.created");
        assertThat(entries.getLast().actor()).isEqualTo("storage");
        assertThat(entries.getLast().after()).contains("audited.storage.example");
        assertThat(audit.page("storage", entries.getFirst().id(), 1))
                .containsExactly(entries.getLast());
        assertThat(audit.count("storage")).isGreaterThanOrEqualTo(2);
    }

    private static PolicyDraft policy(String nextHop, String note) {
        return new PolicyDraft(
                nextHop,
                "encrypt",
                PolicyAttributes.builder().protocols(">=TLSv1.2").build(),
                null,
                null,
                note);
    }

    private static RouteDraft route(String pattern, String nextHop) {
        return new RouteDraft(pattern, nextHop, null, null);
    }
}

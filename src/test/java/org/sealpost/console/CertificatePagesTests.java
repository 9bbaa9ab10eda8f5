package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.certificate.CertificateQuery;
import org.sealpost.certificate.Certificates;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.context.WebApplicationContext;

/** The pages about certificates. */
@RunningSealpost
class CertificatePagesTests {

    private final Pages viewer;
    private final Pages keeper;
    private final Certificates certificates;
    private final TestCa ca = TestCa.create("Pages CA");
    private final List<Long> stored = new ArrayList<>();

    CertificatePagesTests(WebApplicationContext application, Certificates certificates) {
        this.viewer = Pages.of(application);
        this.keeper = Pages.of(application, "certificates:write", "policies:write");
        this.certificates = certificates;
    }

    @AfterEach
    void clear() {
        asKeeper(() -> {
            stored.forEach(certificates::delete);
            return true;
        });
    }

    @Test
    void theListTellsTrustAndAnchorApart() {
        store("anchor", ca.pem());
        store("trust", TestCa.create("Global CA").pem());

        assertThat(viewer.get("/certificates?tab=trust"))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "<title>Certificates",
                        "CN=Pages CA",
                        "CN=Global CA",
                        "Only rules whose tafile names it trust it",
                        "Every verify and secure rule without a tafile trusts it",
                        "<meter")
                .doesNotContain("Upload one", ">Upload<");
        assertThat(viewer.fragment("/certificates?tab=trust&q=pages"))
                .bodyText()
                .startsWith("<div id=\"certificate-rows\"")
                .contains("CN=Pages CA")
                .doesNotContain("CN=Global CA");
    }

    @Test
    void aPageOfManyLeadsToTheNext() {
        for (int i = 0; i < Listing.SIZE + 1; i++) {
            store("peer", ca.leaf("n" + i + ".pages.example").issue().chainPem());
        }

        MvcTestResult first = viewer.get("/certificates?tab=peer&q=pages.example&sort=subject");
        assertThat(first).bodyText().contains("51 certificates", "Next page");
        String next = found(first, "href=\"([^\"]*after=[^\"]*)\"").replace("&amp;", "&");
        assertThat(viewer.get(URLDecoder.decode(next, StandardCharsets.UTF_8)))
                .bodyText()
                .contains("First page", "n9.pages.example")
                .doesNotContain("Next page");
    }

    @Test
    void whatWasPreviewedIsStoredAndNoKeyStandsInAPage() {
        TestCa.Identity identity = ca.leaf("mx.pages.example").issue();
        var session = new MockHttpSession();

        MvcTestResult preview =
                keeper.post(
                        "/certificates/upload",
                        session,
                        Map.of("purpose", "server", "text", identity.pem()));
        assertThat(preview)
                .hasStatusOk()
                .bodyText()
                .contains("Nothing is stored yet", "mx.pages.example", "CN=Pages CA", "Store it")
                .doesNotContain("PRIVATE KEY");
        assertThat(session.getAttribute("sealpost.pending-upload"))
                .hasToString("PendingUpload[server, 1 files]");
        String token = found(preview, "name=\"token\" value=\"([0-9a-f]+)\"");

        MvcTestResult confirmed =
                keeper.post("/certificates/upload/confirm", session, Map.of("token", token));
        String page = "/certificates/" + id(confirmed);
        assertThat(viewer.get(page))
                .bodyText()
                .contains("mx.pages.example", "never shown", "3 1 1 ", "match=", "Nothing uses it.")
                .doesNotContain("PRIVATE KEY", "Stage it");

        assertThat(keeper.post("/certificates/upload/confirm", session, Map.of("token", token)))
                .hasStatus(422)
                .bodyText()
                .contains("Upload the files again.");
    }

    @Test
    void anotherSessionCannotConfirm() {
        MvcTestResult preview =
                keeper.post(
                        "/certificates/upload",
                        new MockHttpSession(),
                        Map.of("purpose", "anchor", "text", ca.pem()));
        String token = found(preview, "name=\"token\" value=\"([0-9a-f]+)\"");

        assertThat(
                        keeper.post(
                                "/certificates/upload/confirm",
                                new MockHttpSession(),
                                Map.of("token", token)))
                .hasStatus(422);
    }

    @Test
    void anOlderPreviewOfTheSessionCannotBeConfirmed() {
        var session = new MockHttpSession();
        Map<String, String> form = Map.of("purpose", "anchor", "text", ca.pem());
        String older =
                found(
                        keeper.post("/certificates/upload", session, form),
                        "name=\"token\" value=\"([0-9a-f]+)\"");
        keeper.post("/certificates/upload", session, form);

        assertThat(keeper.post("/certificates/upload/confirm", session, Map.of("token", older)))
                .hasStatus(422);
    }

    @Test
    void anUploadThatCannotBeStoredSaysWhyAndOffersNoConfirmation() {
        TestCa.Identity identity = ca.leaf("mx.pages.example").issue();

        assertThat(
                        keeper.post(
                                "/certificates/upload",
                                Map.of("purpose", "server", "text", identity.chainPem())))
                .hasStatus(422)
                .bodyText()
                .contains("It cannot be stored", "private key")
                .doesNotContain("Store it");
        assertThat(
                        keeper.post(
                                "/certificates/upload",
                                Map.of("purpose", "server", "text", "nonsense")))
                .hasStatus(422)
                .bodyText()
                .contains("Nothing was saved yet");
        assertThat(keeper.post("/certificates/upload", Map.of("purpose", "peer")))
                .hasStatus(422)
                .bodyText()
                .contains("Nothing was given.");
    }

    @Test
    void theGeneratorIsForEveryoneAndStoresNothing() {
        TestCa.Identity identity = ca.leaf("gen.pages.example").issue();
        long before = count();

        assertThat(viewer.post("/certificates/fingerprints", Map.of("text", identity.chainPem())))
                .hasStatusOk()
                .bodyText()
                .contains("CN=gen.pages.example", "data-copy=\"match=", "Other digests")
                .doesNotContain("Make the rule");
        assertThat(count()).isEqualTo(before);
    }

    @Test
    void aFetchedChainCanBePinnedOrItsAuthorityTrusted() throws IOException {
        try (var peer = new SmtpPeer()) {
            peer.offersStarttls(ca.leaf("localhost").issue());
            Pages admin = keeper.and("settings:write");

            MvcTestResult seen =
                    admin.post("/certificates/fetch", Map.of("nextHop", peer.nextHop()));
            assertThat(seen)
                    .hasStatusOk()
                    .bodyText()
                    .contains(
                            "The first look is trust",
                            "untrusted issuer CN=Pages CA",
                            "level=fingerprint&amp;match=spki-sha256:",
                            "level=fingerprint&amp;match=sha256:",
                            "Trust its CA");

            MvcTestResult trusted =
                    admin.post(
                            "/certificates/fetch/anchor",
                            Map.of("pem", ca.pem(), "nextHop", peer.nextHop()));
            String page = "/certificates/" + id(trusted);
            assertThat(viewer.get(page)).bodyText().contains("purpose <strong>anchor</strong>");
        }
    }

    @Test
    void theRuleFormTakesWhatAPageKnows() {
        assertThat(
                        keeper.get(
                                "/policies/new?nextHop=[mx.pages.example]&level=fingerprint&match=sha256:AA"))
                .bodyText()
                .contains("value=\"[mx.pages.example]\"", ">sha256:AA</textarea>")
                .containsPattern("value=\"fingerprint\"[^>]*checked");
        assertThat(keeper.get("/policies/new?nextHop=x.example&level=nonsense&tafile=7"))
                .bodyText()
                .contains(">7</textarea>")
                .containsPattern("value=\"secure\"[^>]*checked");
    }

    @Test
    void theNextCertificateIsStagedAndSwitchedFromItsPage() {
        long old = store("client", ca.leaf("old.pages.example").forClients().issue().pem());
        long next = store("client", ca.leaf("next.pages.example").forClients().issue().pem());
        String page = "/certificates/" + old;

        assertThat(keeper.get(page)).bodyText().contains("next.pages.example", "Stage it");
        keeper.post(page + "/successor", Map.of("certificateId", "" + next));
        assertThat(keeper.get(page)).bodyText().contains("is staged", "Switch now");
        keeper.post(page + "/switch", Map.of());
        assertThat(keeper.get(page)).bodyText().contains("took its place", "Go back to this one");
        keeper.post(page + "/cancel", Map.of());
        assertThat(
                        keeper.post(
                                page + "/successor",
                                Map.of("certificateId", "" + next, "switchAt", "tomorrow")))
                .hasStatus(422);
    }

    @Test
    void requestsSelfSignedOnesAndLabAuthoritiesAreMadeOnOnePage() {
        MvcTestResult made =
                keeper.post(
                        "/certificates/issue",
                        Map.of(
                                "kind", "authority",
                                "name", "Pages Lab CA",
                                "key", "EC P-256",
                                "days", "30"));
        long lab = id(made);
        assertThat(keeper.get("/certificates/" + lab)).bodyText().contains("Issue a certificate");
        long leaf =
                id(
                        keeper.post(
                                "/certificates/" + lab + "/issue",
                                Map.of("names", "a.pages.example b.pages.example")));
        assertThat(viewer.get("/certificates/" + leaf))
                .bodyText()
                .contains("a.pages.example", "b.pages.example", "CN=Pages Lab CA");

        keeper.post("/certificates/issue", Map.of("kind", "request", "names", "csr.pages.example"));
        MvcTestResult page = keeper.get("/certificates/issue");
        assertThat(page).bodyText().contains("CN=csr.pages.example");
        String request = found(page, "/certificates/requests/(\\d+)/delete");
        assertThat(viewer.get("/certificates/requests/" + request + "/pem"))
                .hasStatusOk()
                .bodyText()
                .startsWith("-----BEGIN CERTIFICATE REQUEST-----");
        keeper.post("/certificates/requests/" + request + "/delete", Map.of());

        assertThat(keeper.post("/certificates/issue", Map.of("kind", "self-signed", "names", "")))
                .hasStatus(422)
                .bodyText()
                .contains("names-about");
    }

    @Test
    void aListenerServesWhatIsStored() {
        assertThat(viewer.get("/listeners"))
                .hasStatusOk()
                .bodyText()
                .contains(">smtp<", "STARTTLS offered", ">up<");
        assertThat(viewer.post("/listeners/smtps/served", Map.of()))
                .hasStatusOk()
                .bodyText()
                .contains("relay.example.test", "served as stored");
        assertThat(viewer.get("/listeners/smtp")).bodyText().doesNotContain(">Save<");
    }

    @Test
    void theCertificatesOfAListenerAreChosenOnItsPage() {
        long id = store("server", ca.leaf("listen.pages.example").issue().pem());
        Pages admin = keeper.and("listeners:write", "listeners:read");
        String page = "/listeners/submission";
        String version = found(admin.get(page), "name=\"version\" value=\"(\\d+)\"");

        admin.post(page, Map.of("version", version, "certificateIds", "" + id));
        assertThat(viewer.post("/certificates/" + id + "/served", Map.of()))
                .bodyText()
                .contains("listen.pages.example", "certificate " + id);
        assertThat(keeper.post("/certificates/" + id + "/delete", Map.of()))
                .hasStatus(409)
                .bodyText()
                .contains("in use by the listener submission");
        assertThat(admin.post(page, Map.of("version", version)))
                .hasStatus(409)
                .bodyText()
                .contains("Somebody else was faster");

        String now = found(admin.get(page), "name=\"version\" value=\"(\\d+)\"");
        assertThat(admin.post(page, Map.of("version", now))).hasStatus(302);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/certificates/upload",
                "/certificates/fetch",
                "/certificates/issue",
                "/certificates/1/delete"
            })
    void whoMayOnlyReadIsRefused(String path) {
        assertThat(viewer.get(path)).hasStatus(403);
        assertThat(viewer.post(path, Map.of("nextHop", "x.example", "names", "x.example")))
                .hasStatus(403);
    }

    private long id(MvcTestResult redirected) {
        String page = Objects.requireNonNull(redirected.getResponse().getRedirectedUrl());
        assertThat(page).matches("/certificates/\\d+");
        long id = Long.parseLong(page.replaceFirst(".*/", ""));
        stored.add(id);
        return id;
    }

    private long store(String purpose, String pem) {
        var upload =
                new NewCertificate(List.of(pem.getBytes(StandardCharsets.UTF_8)), null, purpose);
        long id =
                Objects.requireNonNull(asKeeper(() -> certificates.add(upload)).certificate().id());
        stored.add(id);
        return id;
    }

    private long count() {
        return certificates.count(new CertificateQuery(null, null, "id", null, 1));
    }

    private static <T> T asKeeper(Supplier<T> action) {
        SecurityContextHolder.getContext()
                .setAuthentication(
                        new TestingAuthenticationToken("keeper", "", "certificates:write"));
        try {
            return action.get();
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    private static String found(MvcTestResult page, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(body(page));
        assertThat(matcher.find()).as(pattern + " in " + body(page)).isTrue();
        return matcher.group(1);
    }

    private static String body(MvcTestResult page) {
        return new String(page.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void aRowCallsACertificateByItsFirstName() {
        assertThat(CertificateRow.commonName("CN=a\\,b,O=c")).isEqualTo("a,b");
        assertThat(CertificateRow.commonName("O=only")).isEqualTo("O=only");
        StoredCertificate ended =
                asKeeper(() ->
                                certificates.preview(
                                        new NewCertificate(
                                                List.of(
                                                        ca.leaf("over.pages.example")
                                                                .expired()
                                                                .issue()
                                                                .chainPem()
                                                                .getBytes(StandardCharsets.UTF_8)),
                                                null,
                                                "peer")))
                        .certificate();
        var row = CertificateRow.of(Objects.requireNonNull(ended), Instant.now(Clock.systemUTC()));
        assertThat(row.name()).isEqualTo("over.pages.example");
        assertThat(row.tone()).isEqualTo("bad");
        assertThat(row.daysLeft()).isNegative();
    }
}

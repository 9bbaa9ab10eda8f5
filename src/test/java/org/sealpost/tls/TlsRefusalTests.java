package org.sealpost.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.mail.SmtpReply;
import org.sealpost.tls.TlsCheck.Name;

/** Every refusal with its faces: SMTP text, log line, sentence and cure for people, metric tag. */
class TlsRefusalTests {

    private static final TlsPeer PEER = new TlsPeer("mx.example.com", "192.0.2.1", 25);

    record Case(
            TlsRefusal refusal,
            String code,
            String text,
            String event,
            String explain,
            String tag) {}

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        new TlsRefusal.PolicyUnusable(
                                "the certificate 7 is gone.", "Give another."),
                        "4.7.5",
                        "client TLS configuration problem",
                        "client TLS configuration problem: the certificate 7 is gone.",
                        "The TLS rule for this destination cannot be honoured: the certificate 7 is"
                                + " gone.",
                        "policy-unusable"),
                new Case(
                        new TlsRefusal.NotOffered(PEER),
                        "4.7.4",
                        "TLS is required, but was not offered by host mx.example.com[192.0.2.1]",
                        "TLS is required, but was not offered by host mx.example.com[192.0.2.1]",
                        "The rule requires TLS, and mx.example.com[192.0.2.1]:25 does not offer"
                                + " STARTTLS.",
                        "starttls-not-offered"),
                new Case(
                        new TlsRefusal.StarttlsRefused(PEER, SmtpReply.of(454, "4.7.0", "later")),
                        "4.7.4",
                        "TLS is required, but host mx.example.com[192.0.2.1] refused to start TLS:"
                                + " 454 4.7.0 later",
                        "TLS is required, but host mx.example.com[192.0.2.1] refused to start TLS:"
                                + " 454 4.7.0 later",
                        "The rule requires TLS, and mx.example.com[192.0.2.1]:25 offers STARTTLS"
                                + " but answered it with “454 4.7.0 later”.",
                        "starttls-refused"),
                new Case(
                        new TlsRefusal.HandshakeFailed(PEER, "no common protocol", true),
                        "4.7.5",
                        "Cannot start TLS: handshake failure",
                        "SSL_connect error to mx.example.com[192.0.2.1]:25: no common protocol",
                        "The TLS handshake with mx.example.com[192.0.2.1]:25 failed: no common"
                                + " protocol.",
                        "handshake-failed"),
                new Case(
                        new TlsRefusal.EngineUnavailable(PEER, "no provider"),
                        "4.7.5",
                        "TLS is required, but our TLS engine is unavailable",
                        "TLS engine unavailable for mx.example.com[192.0.2.1]:25: no provider",
                        "TLS could not be begun on this side: no provider.",
                        "engine-unavailable"),
                new Case(
                        new TlsRefusal.NotVerified(
                                PEER,
                                List.of(
                                        TlsCheck.fail(
                                                Name.CHAIN,
                                                "a trusted chain",
                                                "self-signed certificate"),
                                        TlsCheck.fail(Name.NAME, "example.com", "mx.example.net"))),
                        "4.7.5",
                        "Server certificate not verified",
                        "certificate verification failed for mx.example.com[192.0.2.1]:25:"
                                + " self-signed certificate; name mismatch: mx.example.net instead"
                                + " of example.com",
                        "mx.example.com[192.0.2.1]:25 did not prove who it is: its chain is not"
                                + " trusted (self-signed certificate); its certificate is for"
                                + " mx.example.net, not for example.com.",
                        "not-verified"),
                new Case(
                        new TlsRefusal.CredentialsNeedVerified(PEER),
                        "4.7.5",
                        "SASL authentication needs a verified TLS session",
                        "no SASL authentication with mx.example.com[192.0.2.1]:25: the session is"
                                + " not verified",
                        "The route has a user name and password, and the rule does not make"
                                + " mx.example.com[192.0.2.1]:25 prove who it is.",
                        "credentials-need-verified"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hasFourFaces(Case one) {
        assertThat(one.refusal.code()).isEqualTo(one.code);
        assertThat(one.refusal.text()).isEqualTo(one.text).isASCII();
        assertThat(one.refusal.event()).isEqualTo(one.event);
        assertThat(one.refusal.explain()).isEqualTo(one.explain);
        assertThat(one.refusal.remedy()).isNotBlank().endsWith(".");
        assertThat(one.refusal.tag()).isEqualTo(one.tag);
    }

    @Test
    void noRefusalIsMissingHereAndNoTwoShareATag() {
        assertThat(cases().map(one -> one.refusal.getClass()).collect(Collectors.toSet()))
                .isEqualTo(Set.copyOf(Arrays.asList(TlsRefusal.class.getPermittedSubclasses())));
        assertThat(cases().map(Case::tag)).doesNotHaveDuplicates();
    }

    @Test
    void everyCheckThatCanFailHasItsSentenceAndCure() {
        for (Name name : Name.values()) {
            var failed = List.of(TlsCheck.fail(name, "this", "that"));

            assertThat(TlsCheck.sentence(failed)).contains("that").endsWith(".");
            assertThat(TlsCheck.remedy(failed)).endsWith(".");
            assertThat(failed.getFirst().event()).contains("that");
        }
    }

    @Test
    void anExpiredCertificateIsToldOnceAndRenewed() {
        String expired = "the certificate expired on 2026-10-26T13:22:22Z";
        var refusal =
                new TlsRefusal.NotVerified(
                        PEER,
                        List.of(
                                TlsCheck.fail(Name.CHAIN, "a trusted chain", expired),
                                TlsCheck.fail(Name.VALIDITY, "valid now", expired)));

        assertThat(refusal.event()).containsOnlyOnce("expired");
        assertThat(refusal.explain())
                .isEqualTo(
                        "mx.example.com[192.0.2.1]:25 did not prove who it is: its certificate is"
                                + " not valid now ("
                                + expired
                                + ").");
        assertThat(refusal.remedy()).isEqualTo("Ask the partner to renew the certificate.");
    }
}

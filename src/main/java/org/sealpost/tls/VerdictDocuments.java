package org.sealpost.tls;

import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.certificate.Fingerprint;
import org.sealpost.tls.Verdict.Defer;
import org.sealpost.tls.Verdict.DeliverClear;
import org.sealpost.tls.Verdict.DeliverEncrypted;
import org.sealpost.tls.Verdict.Evidence;
import org.sealpost.tls.VerdictDocument.CertificateDocument;
import org.sealpost.tls.VerdictDocument.CheckDocument;

/** Projects a verdict to the form that is stored and shown. */
final class VerdictDocuments {

    private VerdictDocuments() {}

    static VerdictDocument of(Verdict verdict) {
        return switch (verdict) {
            case DeliverEncrypted(Evidence evidence) ->
                    document(evidence, "deliver-encrypted", null, encrypted(evidence), "");
            case DeliverClear(Evidence evidence, Verdict.ClearReason reason) ->
                    document(evidence, "deliver-clear", null, clear(reason), clearRemedy(reason));
            case Defer(Evidence evidence, TlsRefusal refusal) ->
                    document(
                            evidence, "defer", refusal.code(), refusal.explain(), refusal.remedy());
        };
    }

    private static VerdictDocument document(
            Evidence evidence,
            String outcome,
            @Nullable String code,
            String explanation,
            String remedy) {
        Verdict.Status status = evidence.status();
        return new VerdictDocument(
                outcome,
                code,
                evidence.level(),
                evidence.matchedKey(),
                status == null ? null : status.word(),
                evidence.protocol(),
                evidence.cipher(),
                null,
                evidence.checks().stream()
                        .map(check ->
                                new CheckDocument(
                                        check.name().word(),
                                        check.result().word(),
                                        check.expected(),
                                        check.seen()))
                        .toList(),
                evidence.chain().stream().map(VerdictDocuments::certificate).toList(),
                explanation,
                remedy);
    }

    private static String encrypted(Evidence evidence) {
        return evidence.level().authenticates()
                ? "The session is encrypted and the server proved who it is."
                : "The session is encrypted; the level "
                        + evidence.level().word()
                        + " does not check whose server it is.";
    }

    private static String clear(Verdict.ClearReason reason) {
        return switch (reason) {
            case LEVEL_NONE -> "The level none sends in clear text.";
            case NOT_OFFERED ->
                    "The server does not offer STARTTLS, and the level may allows that.";
            case STARTTLS_REFUSED ->
                    "The server refused STARTTLS, and the level may allows clear text.";
            case FALLBACK ->
                    "The TLS handshake failed, the message has waited long enough, and the level may"
                            + " allows clear text.";
        };
    }

    private static String clearRemedy(Verdict.ClearReason reason) {
        return reason == Verdict.ClearReason.LEVEL_NONE
                ? ""
                : "To require encryption, give this destination a rule of level encrypt or above.";
    }

    private static CertificateDocument certificate(X509Certificate certificate) {
        Map<String, String> fingerprints = new LinkedHashMap<>();
        fingerprints.put(
                "sha256", Fingerprint.ofCertificate(certificate, Digest.SHA256).colonText());
        fingerprints.put(
                "spki-sha256", Fingerprint.ofPublicKey(certificate, Digest.SHA256).colonText());
        return new CertificateDocument(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                certificate.getNotAfter().toInstant(),
                fingerprints);
    }
}

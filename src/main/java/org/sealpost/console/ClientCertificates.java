package org.sealpost.console;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateQuery;
import org.sealpost.certificate.Certificates;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.springframework.stereotype.Component;

/** The client certificates that a form lets choose from. */
@Component
class ClientCertificates {

    private static final int MOST = 500;

    private final Certificates certificates;

    ClientCertificates(Certificates certificates) {
        this.certificates = certificates;
    }

    /** One of them. */
    record Choice(long id, String label) {}

    /** All of them, with the chosen one even where it is gone. */
    List<Choice> choices(@Nullable Long chosen) {
        List<Choice> all =
                certificates
                        .page(new CertificateQuery(null, "client", "subject", null, MOST))
                        .stream()
                        .map(ClientCertificates::choice)
                        .toList();
        if (chosen == null || all.stream().anyMatch(one -> one.id() == chosen)) {
            return all;
        }
        var gone = new Choice(chosen, "certificate " + chosen + " (not found)");
        return Stream.concat(all.stream(), Stream.of(gone)).toList();
    }

    private static Choice choice(StoredCertificate certificate) {
        return new Choice(
                Objects.requireNonNull(certificate.id()),
                certificate.subject()
                        + ", until "
                        + certificate.notAfter().toString().substring(0, 10));
    }
}

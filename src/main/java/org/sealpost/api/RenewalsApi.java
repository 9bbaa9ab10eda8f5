package org.sealpost.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.Renewals;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Renewal with overlap over REST; each call answers with the old certificate and its plan. */
@RestController
@RequestMapping("/api/v1/certificates/{id}/successor")
class RenewalsApi {

    private final Renewals renewals;

    RenewalsApi(Renewals renewals) {
        this.renewals = renewals;
    }

    /**
     * The next certificate.
     *
     * @param certificateId a stored one of the same purpose
     * @param switchAt from when it is used; null to decide later
     */
    record Successor(long certificateId, @Nullable Instant switchAt) {}

    @PutMapping
    StoredCertificate stage(@PathVariable long id, @RequestBody Successor successor) {
        return renewals.stage(id, successor.certificateId(), successor.switchAt());
    }

    @PostMapping("/switch")
    StoredCertificate switchNow(@PathVariable long id) {
        return renewals.switchNow(id);
    }

    @DeleteMapping
    StoredCertificate cancel(@PathVariable long id) {
        return renewals.cancel(id);
    }
}

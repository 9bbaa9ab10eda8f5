package org.sealpost.api;

import java.net.URI;
import java.util.List;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.IssuedCertificates;
import org.sealpost.certificate.IssuedCertificates.AuthorityDraft;
import org.sealpost.certificate.IssuedCertificates.IdentityDraft;
import org.sealpost.certificate.IssuedCertificates.Request;
import org.sealpost.certificate.IssuedCertificates.RequestDraft;
import org.sealpost.mail.NotFound;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Certificates, authorities and requests that are made here, over REST. */
@RestController
@RequestMapping("/api/v1/certificates")
class IssueApi {

    private final IssuedCertificates issued;

    IssueApi(IssuedCertificates issued) {
        this.issued = issued;
    }

    @PostMapping("/self-signed")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<StoredCertificate> selfSigned(@RequestBody IdentityDraft draft) {
        return created(issued.selfSigned(draft));
    }

    @PostMapping("/authorities")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<StoredCertificate> authority(@RequestBody AuthorityDraft draft) {
        return created(issued.authority(draft));
    }

    @PostMapping("/{id}/issue")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<StoredCertificate> issue(
            @PathVariable long id, @RequestBody IdentityDraft draft) {
        return created(issued.issue(id, draft));
    }

    @GetMapping("/requests")
    Page<Request> requests() {
        List<Request> all = issued.requests();
        return new Page<>(all, null, all.size());
    }

    @PostMapping("/requests")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Request> request(@RequestBody RequestDraft draft) {
        Request made = issued.request(draft);
        return ResponseEntity.created(URI.create("/api/v1/certificates/requests/" + made.id()))
                .body(made);
    }

    @GetMapping("/requests/{id}")
    Request request(@PathVariable long id) {
        return issued.request(id).orElseThrow(() -> new NotFound("certificate request", id));
    }

    @DeleteMapping("/requests/{id}")
    ResponseEntity<Void> delete(@PathVariable long id) {
        issued.deleteRequest(id);
        return ResponseEntity.noContent().build();
    }

    private static ResponseEntity<StoredCertificate> created(StoredCertificate made) {
        return ResponseEntity.created(URI.create("/api/v1/certificates/" + made.id())).body(made);
    }
}

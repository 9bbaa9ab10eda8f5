package org.sealpost.api;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.mail.NotFound;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Certificates over REST. */
@RestController
@RequestMapping("/api/v1/certificates")
class CertificatesApi {

    private final Certificates certificates;

    CertificatesApi(Certificates certificates) {
        this.certificates = certificates;
    }

    @GetMapping
    Page<StoredCertificate> list() {
        List<StoredCertificate> all = certificates.list();
        return new Page<>(all, null, all.size());
    }

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<StoredCertificate> add(
            @RequestParam("file") List<MultipartFile> files,
            @RequestParam(required = false) @Nullable String password,
            @RequestParam(required = false) @Nullable String purpose)
            throws IOException {
        var contents = new ArrayList<byte[]>();
        for (MultipartFile file : files) {
            contents.add(file.getBytes());
        }
        Certificates.Upload upload =
                certificates.add(
                        new NewCertificate(contents, password, purpose == null ? "" : purpose));
        URI location = URI.create("/api/v1/certificates/" + upload.certificate().id());
        return upload.created()
                ? ResponseEntity.created(location).body(upload.certificate())
                : ResponseEntity.ok().location(location).body(upload.certificate());
    }

    @GetMapping("/{id}")
    StoredCertificate get(@PathVariable long id) {
        return certificates.find(id).orElseThrow(() -> new NotFound("certificate", id));
    }

    @GetMapping(value = "/{id}/pem", produces = "application/x-pem-file")
    String pem(@PathVariable long id) {
        return certificates.pem(id).orElseThrow(() -> new NotFound("certificate", id));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(@PathVariable long id) {
        certificates.delete(id);
        return ResponseEntity.noContent().build();
    }
}

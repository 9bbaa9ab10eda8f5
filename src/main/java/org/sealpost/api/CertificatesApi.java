package org.sealpost.api;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateQuery;
import org.sealpost.certificate.Certificates;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.certificate.Certificates.StoredCertificate;
import org.sealpost.certificate.Fingerprints;
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
    Page<StoredCertificate> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String purpose,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        String order =
                Sort.of(sort, CertificateQuery.SORTS.getFirst(), CertificateQuery.SORTS).toString();
        int most = Page.size(size);
        var query = new CertificateQuery(q, purpose, order, Page.key(cursor), most + 1);
        return Page.of(certificates.page(query), most, query::keyOf, certificates.count(query));
    }

    /** Stores an upload, or with {@code dry-run} only tells what it would become. */
    @ApiResponse(
            responseCode = "201",
            description = "Stored",
            content = @Content(schema = @Schema(implementation = StoredCertificate.class)))
    @ApiResponse(
            responseCode = "200",
            description =
                    "Known already: the stored one. With dry-run: what would be stored, and what"
                            + " would be wrong with it",
            content = @Content(schema = @Schema(implementation = StoredCertificate.class)))
    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<?> add(
            @RequestParam("file") List<MultipartFile> files,
            @RequestParam(required = false) @Nullable String password,
            @RequestParam(defaultValue = "") String purpose,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun)
            throws IOException {
        return store(new NewCertificate(UploadedFiles.contents(files), password, purpose), dryRun);
    }

    /** The same with the file alone as the body, without a password. */
    @ApiResponse(
            responseCode = "201",
            description = "Stored",
            content = @Content(schema = @Schema(implementation = StoredCertificate.class)))
    @ApiResponse(
            responseCode = "200",
            description =
                    "Known already: the stored one. With dry-run: what would be stored, and what"
                            + " would be wrong with it",
            content = @Content(schema = @Schema(implementation = StoredCertificate.class)))
    @PostMapping(
            consumes = {
                "application/x-pem-file",
                "application/pkix-cert",
                "application/pkcs7-mime",
                MediaType.TEXT_PLAIN_VALUE,
                MediaType.APPLICATION_OCTET_STREAM_VALUE
            })
    ResponseEntity<?> add(
            InputStream body,
            @RequestParam(defaultValue = "") String purpose,
            @RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun)
            throws IOException {
        return store(
                new NewCertificate(List.of(UploadedFiles.content(body)), null, purpose), dryRun);
    }

    private ResponseEntity<?> store(NewCertificate upload, boolean dryRun) {
        if (dryRun) {
            return ResponseEntity.ok(certificates.preview(upload));
        }
        Certificates.Upload stored = certificates.add(upload);
        URI location = URI.create("/api/v1/certificates/" + stored.certificate().id());
        return stored.created()
                ? ResponseEntity.created(location).body(stored.certificate())
                : ResponseEntity.ok().location(location).body(stored.certificate());
    }

    @GetMapping("/{id}/fingerprints")
    Fingerprints fingerprints(@PathVariable long id) {
        return certificates.fingerprints(id).orElseThrow(() -> new NotFound("certificate", id));
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

package org.sealpost.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateReader;
import org.sealpost.certificate.Fingerprints;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Fingerprints of a certificate that is handed in; nothing is stored. */
@RestController
@RequestMapping("/api/v1/fingerprints")
class FingerprintsApi {

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    Fingerprints form(
            @RequestParam("file") List<MultipartFile> files,
            @RequestParam(required = false) @Nullable String password)
            throws IOException {
        return Fingerprints.of(
                CertificateReader.leaf("file", UploadedFiles.contents(files), password));
    }

    /** The certificate as the body, in PEM, DER or PKCS#7. */
    @PostMapping
    Fingerprints body(InputStream body) throws IOException {
        return Fingerprints.of(
                CertificateReader.leaf("body", List.of(UploadedFiles.content(body)), null));
    }
}

package org.sealpost.demo;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** Calls this Sealpost's own REST API as the administrator. */
final class DemoApi {

    private final RestClient client;

    DemoApi(int port, String password) {
        this.client =
                RestClient.builder()
                        .baseUrl("http://127.0.0.1:" + port + "/api/v1")
                        .defaultHeaders(headers ->
                                headers.setBasicAuth("admin", password, StandardCharsets.UTF_8))
                        .build();
    }

    void post(String path, Map<String, ?> body) {
        client.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .retrieve()
                .toBodilessEntity();
    }

    void put(String path, Map<String, ?> body) {
        client.put()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .retrieve()
                .toBodilessEntity();
    }

    /** The certificate that the listeners present, as PEM. */
    String serverCertificate() {
        JsonNode list = client.get().uri("/certificates").retrieve().requiredBody(JsonNode.class);
        for (JsonNode one : list.get("items")) {
            if (one.get("purpose").stringValue().equals("server")) {
                return client.get()
                        .uri("/certificates/{id}/pem", one.get("id").longValue())
                        .accept(MediaType.ALL)
                        .retrieve()
                        .requiredBody(String.class);
            }
        }
        throw new IllegalStateException("the listeners have no certificate");
    }

    void upload(X509Certificate certificate, String purpose) throws CertificateEncodingException {
        var parts = new LinkedMultiValueMap<String, Object>();
        parts.add("file", new NamedFile(certificate.getEncoded()));
        parts.add("purpose", purpose);
        client.post()
                .uri("/certificates")
                .contentType(MediaType.MULTIPART_FORM_DATA)
                .body(parts)
                .retrieve()
                .toBodilessEntity();
    }

    /** A part without a file name would be a plain field. */
    private static final class NamedFile extends ByteArrayResource {

        NamedFile(byte[] content) {
            super(content);
        }

        @Override
        public String getFilename() {
            return "certificate.der";
        }
    }
}

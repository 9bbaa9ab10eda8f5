package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The certificates' part of the API as {@code admin} sees it. */
final class CertificatesClient implements AutoCloseable {

    private final int port;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient client = HttpClient.newHttpClient();

    /** What was answered. */
    record Answer(int status, JsonNode body) {

        long id() {
            assertThat(status).as(body.toString()).isIn(200, 201);
            return body.get("id").asLong();
        }

        /** All that the problem says, for assertions on its words. */
        String problem() {
            assertThat(status).as(body.toString()).isEqualTo(422);
            assertThat(body.at("/remedy").asString()).isNotEmpty();
            return body.at("/errors").toString();
        }
    }

    /** A form being filled. */
    final class Form {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Form field(String name, String value) {
            return part(name, "", value.getBytes(StandardCharsets.UTF_8));
        }

        Form file(String pem) {
            return file(pem.getBytes(StandardCharsets.UTF_8));
        }

        Form file(byte[] content) {
            return part("file", "; filename=\"upload\"", content);
        }

        private Form part(String name, String more, byte[] content) {
            body.writeBytes(
                    "--b0undary\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n"
                            .formatted(name, more)
                            .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(content);
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            return this;
        }

        Answer post(String path) {
            body.writeBytes("--b0undary--\r\n".getBytes(StandardCharsets.UTF_8));
            return send("POST", path, body.toByteArray(), "multipart/form-data; boundary=b0undary");
        }
    }

    CertificatesClient(int port) {
        this.port = port;
    }

    Form form() {
        return new Form();
    }

    Answer upload(String purpose, String... files) {
        Form form = form().field("purpose", purpose);
        for (String file : files) {
            form.file(file);
        }
        return form.post("/certificates");
    }

    Answer get(String path) {
        return send("GET", path, null, "application/json");
    }

    Answer delete(String path) {
        return send("DELETE", path, null, "application/json");
    }

    Answer post(String path, String body) {
        return send("POST", path, body.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    Answer put(String path, String body) {
        return send("PUT", path, body.getBytes(StandardCharsets.UTF_8), "application/json");
    }

    Answer send(String method, String path, byte @Nullable [] body, String contentType) {
        HttpResponse<String> response = exchange(method, path, body, contentType);
        String text = response.body();
        return new Answer(
                response.statusCode(),
                text.startsWith("{") || text.startsWith("[")
                        ? json.readTree(text)
                        : json.getNodeFactory().stringNode(text));
    }

    private HttpResponse<String> exchange(
            String method, String path, byte @Nullable [] body, String contentType) {
        var publisher =
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofByteArray(body);
        String basic =
                Base64.getEncoder()
                        .encodeToString("admin:Correct-Horse-9".getBytes(StandardCharsets.UTF_8));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", contentType)
                        .method(method, publisher)
                        .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path + " got no answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

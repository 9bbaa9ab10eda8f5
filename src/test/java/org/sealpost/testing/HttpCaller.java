package org.sealpost.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Calls a running Sealpost over HTTP as one user, or as nobody. */
public final class HttpCaller {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final int port;
    private final @Nullable String authorization;

    private HttpCaller(int port, @Nullable String authorization) {
        this.port = port;
        this.authorization = authorization;
    }

    public static HttpCaller anonymous(int port) {
        return new HttpCaller(port, null);
    }

    public static HttpCaller administrator(int port) {
        return anonymous(port).as("admin", "Correct-Horse-9");
    }

    public HttpCaller as(String username, String password) {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new HttpCaller(port, "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    public HttpCaller withToken(String token) {
        return new HttpCaller(port, "Bearer " + token);
    }

    public HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        return send("GET", path, null, "application/json", headers);
    }

    public HttpResponse<String> json(
            String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        return send(method, path, body, "application/json", headers);
    }

    /**
     * Sends a request.
     *
     * @param headers names and values in turn
     */
    public HttpResponse<String> send(
            String method,
            String path,
            @Nullable String body,
            String contentType,
            String... headers)
            throws IOException, InterruptedException {
        return CLIENT.send(
                request(method, path, body, contentType, headers),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a request and returns the answer's status; a stream that follows is left. */
    public int status(String method, String path, @Nullable String body, String contentType)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                CLIENT.send(
                        request(method, path, body, contentType),
                        HttpResponse.BodyHandlers.ofInputStream());
        response.body().close();
        return response.statusCode();
    }

    private HttpRequest request(
            String method,
            String path,
            @Nullable String body,
            String contentType,
            String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (body != null) {
            request.header("Content-Type", contentType);
        }
        for (int i = 0; i + 1 < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}

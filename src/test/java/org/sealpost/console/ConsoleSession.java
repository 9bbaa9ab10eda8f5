package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody signed in to the running console, without a browser. */
final class ConsoleSession implements AutoCloseable {

    private static final Pattern TOKEN =
            Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"|value=\"([^\"]+)\"[^>]*_csrf");

    private final HttpClient client =
            HttpClient.newBuilder()
                    .cookieHandler(new CookieManager())
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
    private final String address;

    ConsoleSession(int http, String username, String password)
            throws IOException, InterruptedException {
        address = "http://127.0.0.1:" + http;
        String form =
                "username=%s&password=%s&_csrf=%s"
                        .formatted(encoded(username), encoded(password), token("/login"));
        assertThat(post("/login", form).headers().firstValue("Location").orElse(""))
                .isEqualTo(address + "/");
    }

    void signOut() throws IOException, InterruptedException {
        post("/logout", "_csrf=" + token("/"));
    }

    HttpResponse<InputStream> stream(String path) throws IOException, InterruptedException {
        return client.send(
                request(path).header("Accept", "text/event-stream").build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private String token(String page) throws IOException, InterruptedException {
        String text =
                client.send(request(page).build(), HttpResponse.BodyHandlers.ofString()).body();
        Matcher token = TOKEN.matcher(text);
        assertThat(token.find()).as(text).isTrue();
        return encoded(token.group(1) == null ? token.group(2) : token.group(1));
    }

    private HttpResponse<String> post(String path, String form)
            throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

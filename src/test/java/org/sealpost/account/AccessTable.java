package org.sealpost.account;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The file {@code access/api-routes.txt}. */
final class AccessTable {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** A row; {@code roles} by their words. */
    record Row(String method, String path, Set<String> roles, int status, String body) {

        /** Method and path without its query, as mappings are compared. */
        String route() {
            return method + " " + path.replaceFirst("\\?.*", "");
        }

        String request() {
            return path.replaceAll("\\{[^}]*}", "999999999");
        }

        String contentType() {
            if (body.startsWith("form ")) {
                return "multipart/form-data; boundary=b";
            }
            return body.startsWith("text ") ? "text/plain" : "application/json";
        }

        @Nullable String content() {
            String filled = body.replace("{n}", String.valueOf(NUMBERS.incrementAndGet()));
            if (filled.startsWith("form ")) {
                return multipart(filled.substring("form ".length()));
            }
            if (filled.startsWith("text ")) {
                return filled.substring("text ".length());
            }
            return filled.isEmpty() ? null : filled;
        }

        private static String multipart(String parts) {
            var text = new StringBuilder();
            for (String part : parts.split(" ")) {
                String[] pair = part.split("=", 2);
                text.append("--b\r\nContent-Disposition: form-data; name=\"")
                        .append(pair[0])
                        .append(pair[0].equals("file") ? "\"; filename=\"file" : "")
                        .append("\"\r\n\r\n")
                        .append(pair[1])
                        .append("\r\n");
            }
            return text.append("--b--\r\n").toString();
        }
    }

    private AccessTable() {}

    static List<Row> rows() {
        try (InputStream in = AccessTable.class.getResourceAsStream("/access/api-routes.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(AccessTable::row)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Row row(String line) {
        String[] cells = line.split("\\|", 4);
        String[] route = cells[0].strip().split("\\s+");
        Set<String> all = Arrays.stream(Role.values()).map(Role::word).collect(Collectors.toSet());
        Set<String> roles = Set.of(cells[1].strip().split("\\s+"));
        if (roles.equals(Set.of("everyone"))) {
            roles = all;
        }
        if (!all.containsAll(roles)) {
            throw new IllegalArgumentException("a role that does not exist: " + line);
        }
        return new Row(
                route[0], route[1], roles, Integer.parseInt(cells[2].strip()), cells[3].strip());
    }
}

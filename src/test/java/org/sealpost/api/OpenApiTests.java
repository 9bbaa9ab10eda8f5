package org.sealpost.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.GoldenFiles;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The description of the API that is checked in is the one the running server gives. */
@RunningSealpost
class OpenApiTests {

    private static final Path DESCRIPTION = Path.of("src/docs/openapi.json");

    private final HttpCaller admin;
    private final JsonMapper sorted =
            JsonMapper.builder()
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    OpenApiTests(@Value("${local.server.port}") int http) {
        this.admin = HttpCaller.administrator(http);
    }

    @Test
    void theDescriptionIsTheOneCheckedIn() throws Exception {
        JsonNode described = sorted.readTree(admin.get("/v3/api-docs").body());

        GoldenFiles.checkFile(DESCRIPTION, readable(described));
    }

    @Test
    void everyOperationSaysWhatItAnswersAndThatItMayRefuse() throws Exception {
        JsonNode paths = sorted.readTree(Files.readString(DESCRIPTION)).path("paths");

        assertThat(paths.propertyNames()).allMatch(path -> path.startsWith("/api/v1/"));
        for (JsonNode item : paths) {
            for (var operation : item.properties()) {
                JsonNode answers = operation.getValue().path("responses");
                assertThat(answers.propertyNames())
                        .as(operation.getValue().path("operationId").asString())
                        .contains("401", "403")
                        .anyMatch(code -> code.startsWith("2"));
            }
        }
    }

    private String readable(JsonNode described) {
        // As maps, since a tree keeps the order it was read in.
        return sorted.writeValueAsString(sorted.treeToValue(described, Object.class)) + "\n";
    }
}

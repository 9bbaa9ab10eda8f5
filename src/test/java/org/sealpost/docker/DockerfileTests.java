package org.sealpost.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code docker/Dockerfile} and {@code docker/compose.yaml}: there is no engine to ask. */
class DockerfileTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** One instruction; continued lines are joined and comments are gone. */
    private record Instruction(String name, String argument) {}

    private final List<Instruction> all = read();

    @Test
    void imagesComeByTheirCommonNameAndAtAVersion() {
        assertThat(named("FROM"))
                .hasSize(2)
                .allSatisfy(image ->
                        assertThat(image)
                                .matches("eclipse-temurin:25[a-z0-9.-]*( AS [a-z]+)?")
                                .doesNotContain("latest"));
        assertThat(named("FROM").getLast()).contains("-jre");
    }

    @Test
    void theProgramRunsAsAnotherUserThanRoot() {
        List<Instruction> image = lastStage();
        String user =
                image.stream()
                        .filter(one -> one.name.equals("USER"))
                        .map(Instruction::argument)
                        .reduce((first, last) -> last)
                        .orElse("root");

        assertThat(user)
                .matches("[1-9][0-9]*:[1-9][0-9]*"); // numeric: an orchestrator can check it
        assertThat(image.subList(index(image, "USER"), image.size()))
                .extracting(Instruction::name)
                .doesNotContain("RUN", "COPY", "ADD");
    }

    @Test
    void theDataFolderIsAVolumeOfThatUser() {
        assertThat(environment()).containsEntry("SEALPOST_HOME", "/var/lib/sealpost");
        assertThat(named("VOLUME")).containsExactly("/var/lib/sealpost");
        assertThat(named("RUN"))
                .anyMatch(run ->
                        run.contains("install -d -o sealpost")
                                && run.contains("/var/lib/sealpost"));
        List<Instruction> image = lastStage();
        assertThat(index(image, "VOLUME")).isGreaterThan(index(image, "RUN"));
    }

    @Test
    void commandsAreInExecFormSoThatSignalsReachTheProgram() {
        assertThat(JSON.readTree(named("ENTRYPOINT").getFirst()).isArray()).isTrue();
        assertThat(named("CMD")).isEmpty();
        String health = named("HEALTHCHECK").getFirst();
        assertThat(JSON.readTree(health.substring(health.indexOf('['))).valueStream())
                .extracting(one -> one.asString())
                .contains("curl", "https://127.0.0.1:8443/actuator/health");
        assertThat(named("RUN")).anyMatch(run -> run.matches(".*install .* curl .*"));
    }

    @Test
    void itListensOnAllAddressesOverHttpsOnly() throws IOException {
        assertThat(environment())
                .containsEntry("SERVER_ADDRESS", "0.0.0.0")
                .containsEntry("SERVER_PORT", "8443")
                .doesNotContainKey("SEALPOST_CONSOLE_ALLOW_CLEARTEXT");
        assertThat(Files.readString(Path.of("docker/entrypoint.sh"))).doesNotContain("CLEARTEXT");
        assertThat(named("EXPOSE")).containsExactly("2525 2465 2587 8443");
    }

    @Test
    void whatIsCopiedFromTheSourcesIsSentToTheBuild() throws IOException {
        List<String> sent = Files.readAllLines(Path.of("docker/Dockerfile.dockerignore"));

        assertThat(sent).contains("*", "!mvnw", "!pom.xml", "!src/main", "!docker/entrypoint.sh");
        assertThat(Files.isExecutable(Path.of("docker/entrypoint.sh"))).isTrue();
        assertThat(Files.isExecutable(Path.of("mvnw"))).isTrue();
    }

    @Test
    void composeRunsOneHardenedNode() throws IOException {
        JsonNode file =
                JSON.valueToTree(new Yaml().load(Files.readString(Path.of("docker/compose.yaml"))));
        assertThat(file.at("/services").propertyNames()).containsExactly("sealpost");
        JsonNode node = file.at("/services/sealpost");

        assertThat(
                        Path.of(
                                "docker",
                                node.at("/build/context").asString(),
                                node.at("/build/dockerfile").asString()))
                .exists();
        assertThat(node.at("/image").asString()).matches("[a-z]+:[0-9.]+");
        assertThat(node.at("/ports").toString())
                .isEqualTo("[\"25:2525\",\"465:2465\",\"587:2587\",\"127.0.0.1:8443:8443\"]");
        assertThat(node.at("/volumes").toString()).isEqualTo("[\"sealpost:/var/lib/sealpost\"]");
        assertThat(file.at("/volumes").propertyNames()).containsExactly("sealpost");
        assertThat(node.at("/read_only").asBoolean()).isTrue();
        assertThat(node.at("/cap_drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(node.at("/security_opt").toString()).isEqualTo("[\"no-new-privileges:true\"]");
        assertThat(node.propertyNames()).doesNotContain("privileged", "network_mode", "user");
        assertThat(file.toString()).doesNotContain("latest", "ADMIN_PASSWORD", "CLEARTEXT");
    }

    private static List<Instruction> read() {
        try {
            var instructions = new ArrayList<Instruction>();
            var pending = new StringBuilder();
            for (String line : Files.readAllLines(Path.of("docker/Dockerfile"))) {
                if (line.isBlank() || line.stripLeading().startsWith("#")) {
                    continue;
                }
                boolean continued = line.endsWith("\\");
                pending.append(continued ? line.substring(0, line.length() - 1) : line).append(' ');
                if (!continued) {
                    String[] words = pending.toString().strip().split("\\s+", 2);
                    instructions.add(new Instruction(words[0], words[1]));
                    pending.setLength(0);
                }
            }
            assertThat(pending).as("a continued line without its end").isEmpty();
            return instructions;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> named(String name) {
        return all.stream()
                .filter(one -> one.name.equals(name))
                .map(Instruction::argument)
                .toList();
    }

    private List<Instruction> lastStage() {
        int begin = 0;
        for (int i = 0; i < all.size(); i++) {
            begin = all.get(i).name.equals("FROM") ? i : begin;
        }
        return all.subList(begin, all.size());
    }

    private static int index(List<Instruction> instructions, String name) {
        return instructions.stream().map(Instruction::name).toList().lastIndexOf(name);
    }

    private Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        for (String argument : named("ENV")) {
            for (String pair : argument.split("\\s+")) {
                String[] parts = pair.split("=", 2);
                environment.put(parts[0], parts[1]);
            }
        }
        return environment;
    }
}

package org.sealpost.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sealpost.account.AccessTable.Row;
import org.sealpost.testing.HttpCaller;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every API route of the running application, called as every role and as nobody. */
@RunningSealpost
class AccessTableTests {

    private static final String PASSWORD = "Grandiose-Marmot-0";

    private final HttpCaller anonymous;
    private final HttpCaller admin;
    private final RequestMappingHandlerMapping mappings;

    AccessTableTests(
            @Value("${local.server.port}") int http,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings) {
        this.anonymous = HttpCaller.anonymous(http);
        this.admin = HttpCaller.administrator(http);
        this.mappings = mappings;
    }

    @BeforeEach
    void aUserForEachRole() throws Exception {
        for (Role role : Role.values()) {
            int status =
                    admin.json(
                                    "POST",
                                    "/api/v1/users",
                                    "{\"username\":\"role-%s\",\"password\":\"%s\",\"roles\":[\"%s\"]}"
                                            .formatted(role.word(), PASSWORD, role.word()))
                            .statusCode();
            assertThat(status).isIn(201, 409);
        }
    }

    static List<Row> rows() {
        return AccessTable.rows();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isCalledByWhoMayAndNobodyElse(Row row) throws Exception {
        for (Role role : Role.values()) {
            assertThat(status(admin.as("role-" + role.word(), PASSWORD), row))
                    .as("%s as %s", row.route(), role.word())
                    .isEqualTo(row.roles().contains(role.word()) ? row.status() : 403);
        }
        assertThat(status(anonymous, row)).as("%s as nobody", row.route()).isEqualTo(401);
    }

    @Test
    void hasARowForEveryRouteAndNoOther() {
        Set<String> mapped =
                mappings.getHandlerMethods().keySet().stream()
                        .flatMap(info ->
                                info.getPatternValues().stream()
                                        .flatMap(path ->
                                                info.getMethodsCondition().getMethods().stream()
                                                        .map(method -> method + " " + path)))
                        .filter(route -> route.contains(" /api/"))
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> listed =
                AccessTable.rows().stream()
                        .map(Row::route)
                        .filter(route -> route.contains(" /api/"))
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(listed)
                .as("rows of src/test/resources/access/api-routes.txt; add one for each new route")
                .isEqualTo(mapped);
    }

    @Test
    void everyApiMappingNamesItsMethods() {
        assertThat(mappings.getHandlerMethods().keySet())
                .filteredOn(info ->
                        info.getPatternValues().stream().anyMatch(path -> path.startsWith("/api/")))
                .allMatch(info -> !info.getMethodsCondition().isEmpty());
    }

    private static int status(HttpCaller caller, Row row) throws Exception {
        return caller.status(row.method(), row.request(), row.content(), row.contentType());
    }
}

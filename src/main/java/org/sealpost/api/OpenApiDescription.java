package org.sealpost.api;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Locale;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** What the description of the API says of all operations alike. */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {

    private static final String PROBLEM = "Problem";
    private static final String BASIC = "basic";

    @Bean
    OpenAPI sealpostApi() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Sealpost")
                                .version("v1")
                                .description(
                                        "TLS policies, routes, certificates, the queue and the"
                                                + " connection log of a Sealpost relay. Errors are"
                                                + " problem details (RFC 9457) that say what to"
                                                + " do.")
                                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .servers(List.of(new Server().url("/")))
                .addSecurityItem(new SecurityRequirement().addList(BASIC));
    }

    /** Names that stay when another operation is added, such as {@code policies-list}. */
    @Bean
    OperationCustomizer namesOfOperations() {
        return (operation, handler) -> {
            String subject =
                    handler.getBeanType()
                            .getSimpleName()
                            .replaceFirst("Api$", "")
                            .toLowerCase(Locale.ROOT);
            operation.setTags(List.of(subject));
            operation.setOperationId(subject + "-" + handler.getMethod().getName());
            if (isWithoutBody(handler.getMethod())) {
                ApiResponses answers = operation.getResponses();
                answers.remove("200");
                answers.addApiResponse("204", new ApiResponse().description("Done"));
            }
            return operation;
        };
    }

    private static boolean isWithoutBody(Method method) {
        return method.getGenericReturnType() instanceof ParameterizedType answer
                && answer.getRawType() == ResponseEntity.class
                && answer.getActualTypeArguments()[0] == Void.class;
    }

    @Bean
    OpenApiCustomizer problemsOfEveryOperation() {
        return api -> {
            api.getComponents()
                    .addSchemas(PROBLEM, problem())
                    .addSecuritySchemes(
                            BASIC,
                            new SecurityScheme()
                                    .type(SecurityScheme.Type.HTTP)
                                    .scheme("basic")
                                    .description("Name and password of a console user."));
            api.getPaths()
                    .forEach((path, item) ->
                            item.readOperationsMap()
                                    .forEach((method, operation) ->
                                            addProblems(path, method, operation)));
        };
    }

    private static void addProblems(String path, PathItem.HttpMethod method, Operation operation) {
        add(operation, HttpStatus.BAD_REQUEST);
        add(operation, HttpStatus.UNAUTHORIZED);
        add(operation, HttpStatus.FORBIDDEN);
        if (path.contains("{")) {
            add(operation, HttpStatus.NOT_FOUND);
        }
        boolean takesIfMatch =
                operation.getParameters() != null
                        && operation.getParameters().stream()
                                .anyMatch(parameter -> "If-Match".equals(parameter.getName()));
        if (takesIfMatch) {
            add(operation, HttpStatus.PRECONDITION_FAILED);
        }
        if (method != PathItem.HttpMethod.GET) {
            add(operation, HttpStatus.CONFLICT);
        }
        if (operation.getRequestBody() != null) {
            add(operation, HttpStatus.UNSUPPORTED_MEDIA_TYPE);
            add(operation, HttpStatus.CONTENT_TOO_LARGE);
        }
        add(operation, HttpStatus.UNPROCESSABLE_CONTENT);
    }

    private static void add(Operation operation, HttpStatus status) {
        String code = String.valueOf(status.value());
        if (operation.getResponses().containsKey(code)) {
            return;
        }
        operation
                .getResponses()
                .addApiResponse(
                        code,
                        new ApiResponse()
                                .description(status.getReasonPhrase())
                                .content(
                                        new Content()
                                                .addMediaType(
                                                        "application/problem+json",
                                                        new MediaType()
                                                                .schema(
                                                                        new Schema<Object>()
                                                                                .$ref(PROBLEM)))));
    }

    private static Schema<?> problem() {
        var wrongField = new ObjectSchema();
        wrongField.addProperty("field", new StringSchema());
        wrongField.addProperty("message", new StringSchema());
        wrongField.setRequired(List.of("field", "message"));
        var problem = new ObjectSchema();
        problem.addProperty("type", new StringSchema().format("uri-reference"));
        problem.addProperty("title", new StringSchema());
        problem.addProperty("status", new IntegerSchema());
        problem.addProperty("detail", new StringSchema().description("What happened."));
        problem.addProperty("instance", new StringSchema().format("uri-reference"));
        problem.addProperty("remedy", new StringSchema().description("What to do."));
        problem.addProperty("errors", new ArraySchema().items(wrongField));
        problem.setRequired(List.of("type", "title", "status", "detail", "remedy"));
        return problem;
    }
}

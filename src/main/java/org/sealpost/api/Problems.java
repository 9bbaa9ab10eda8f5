package org.sealpost.api;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.sealpost.audit.AuditCopyFailed;
import org.sealpost.mail.AskedTooOften;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NotAllowed;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.Refusal;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.ConfigurationNotSaved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every error of the API as a problem document (RFC 9457) that says what to do. */
@RestControllerAdvice(basePackages = "org.sealpost.api")
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    /** A field that is wrong. */
    record FieldError(String field, String message) {}

    @ExceptionHandler
    ResponseEntity<Object> invalid(InvalidInput e) {
        return answer(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "invalid-input",
                e,
                e.problems().stream().map(Problems::fieldError).toList());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(ReportRefused e) {
        ProblemDetail body =
                problem(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "import-refused",
                        e.explain(),
                        e.remedy());
        body.setProperty("errors", e.errors());
        json.convertValue(e.report(), ObjectNode.class)
                .forEachEntry((name, value) -> body.setProperty(name, value));
        return respond(body, HttpStatus.UNPROCESSABLE_CONTENT, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> notFound(NotFound e) {
        return answer(HttpStatus.NOT_FOUND, "not-found", e, List.of());
    }

    @ExceptionHandler
    ResponseEntity<Object> conflict(Conflict e) {
        return answer(HttpStatus.CONFLICT, "conflict", e, List.of());
    }

    @ExceptionHandler
    ResponseEntity<Object> tooMany(AskedTooOften e) {
        var headers = new HttpHeaders();
        headers.set(
                HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, e.retryAfter().toSeconds())));
        ProblemDetail body =
                problem(HttpStatus.TOO_MANY_REQUESTS, "too-many-requests", e.explain(), e.remedy());
        return respond(body, HttpStatus.TOO_MANY_REQUESTS, headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> stale(StaleVersion e) {
        return answer(HttpStatus.PRECONDITION_FAILED, "stale-version", e, List.of());
    }

    @ExceptionHandler
    ResponseEntity<Object> lostRace(OptimisticLockingFailureException e) {
        return stale(new StaleVersion("object", "of this request"));
    }

    /** What the database itself refuses: a race for the same name, or a value that is too long. */
    @ExceptionHandler
    ResponseEntity<Object> integrity(DataIntegrityViolationException e) {
        if (e instanceof DuplicateKeyException
                || e.getCause() instanceof ConstraintViolationException) {
            return conflict(
                    new Conflict(
                            "Another request stored the same just before.",
                            "Read the list again."));
        }
        return invalid(
                new InvalidInput("body", "A value is longer than can be stored.", "Shorten it."));
    }

    @ExceptionHandler
    ResponseEntity<Object> badRequest(BadRequest e) {
        ProblemDetail body =
                problem(
                        HttpStatus.BAD_REQUEST,
                        "bad-request",
                        String.valueOf(e.getMessage()),
                        "Correct the parameter " + e.field() + " and send the request again.");
        body.setProperty(
                "errors", List.of(new FieldError(e.field(), String.valueOf(e.getMessage()))));
        return respond(body, HttpStatus.BAD_REQUEST, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> denied(AccessDeniedException e) {
        return respond(
                problem(
                        HttpStatus.FORBIDDEN,
                        "forbidden",
                        "This account may not do that.",
                        "Ask an administrator for the role that may."),
                HttpStatus.FORBIDDEN,
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> notAllowed(NotAllowed e) {
        return answer(HttpStatus.FORBIDDEN, "forbidden", e, List.of());
    }

    /** The log has the cause; the caller learns that the change holds all the same. */
    @ExceptionHandler
    ResponseEntity<Object> auditCopyFailed(AuditCopyFailed e) {
        return answer(HttpStatus.INTERNAL_SERVER_ERROR, "audit-copy-failed", e, List.of());
    }

    /** As above; delivery waits until the change is saved. */
    @ExceptionHandler
    ResponseEntity<Object> notSaved(ConfigurationNotSaved e) {
        return answer(HttpStatus.INTERNAL_SERVER_ERROR, "configuration-not-saved", e, List.of());
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(RuntimeException e) {
        LOG.error("a request failed in Sealpost itself", e);
        return respond(
                problem(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "internal-error",
                        "Sealpost failed to do that.",
                        "Look into the log; the request changed nothing unless it says so there."),
                HttpStatus.INTERNAL_SERVER_ERROR,
                new HttpHeaders());
    }

    /** What is no JSON at all is a bad request; JSON with a wrong field is an invalid input. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return e.getCause() instanceof DatabindException unfit
                ? invalid(UnfitBody.of(unfit))
                : super.handleHttpMessageNotReadable(e, headers, status, request);
    }

    /** What Spring MVC refuses before a controller is asked. */
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception e,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        HttpStatus known = HttpStatus.valueOf(status.value());
        String detail =
                body instanceof ProblemDetail spring && spring.getDetail() != null
                        ? spring.getDetail()
                        : known.getReasonPhrase();
        return respond(
                problem(
                        known,
                        known.getReasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '-'),
                        detail,
                        "Compare the request with the description at /v3/api-docs."),
                known,
                headers);
    }

    private static ResponseEntity<Object> answer(
            HttpStatus status, String type, Refusal refusal, List<FieldError> errors) {
        ProblemDetail body = problem(status, type, refusal.explain(), refusal.remedy());
        body.setProperty("errors", errors);
        return respond(body, status, new HttpHeaders());
    }

    private static ProblemDetail problem(
            HttpStatus status, String type, String detail, String remedy) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
        body.setType(URI.create("/problems/" + type));
        body.setTitle(status.getReasonPhrase());
        body.setProperty("remedy", remedy);
        body.setProperty("errors", List.of());
        return body;
    }

    private static ResponseEntity<Object> respond(
            ProblemDetail body, HttpStatus status, HttpHeaders headers) {
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(body);
    }

    private static FieldError fieldError(Problem problem) {
        return new FieldError(problem.field(), problem.message() + " " + problem.remedy());
    }
}

package org.sealpost.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sealpost.api.Problems.FieldError;
import org.sealpost.migration.MigrationReport;
import org.sealpost.migration.PostfixFiles;
import org.sealpost.migration.PostfixMigration;
import org.sealpost.policy.postfix.FileProblem;
import org.sealpost.policy.postfix.FileText;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Moving from Postfix over REST. */
@RestController
@RequestMapping("/api/v1/postfix")
class PostfixImportApi {

    private static final List<String> PARTS =
            List.of("main.cf", "master.cf", "tls_policy", "transport");

    private final PostfixMigration migration;

    PostfixImportApi(PostfixMigration migration) {
        this.migration = migration;
    }

    @Operation(
            requestBody =
                    @RequestBody(
                            description =
                                    "The parts main.cf, master.cf, tls_policy and transport, each"
                                            + " optional, and the files they name as repeated part"
                                            + " file",
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                                            schema = @Schema(type = "object"))))
    @PostMapping(value = "/import", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<MigrationReport> importFiles(
            MultipartHttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "true") String dryRun,
            @RequestParam(name = "skip-refused", defaultValue = "false") String skipRefused,
            @RequestHeader(name = ChangeReason.HEADER, required = false) @Nullable String reason)
            throws IOException {
        boolean onlyPlan = Flags.read("dry-run", dryRun);
        boolean skip = Flags.read("skip-refused", skipRefused);
        String why = ChangeReason.read(reason);
        PostfixFiles files = files(request);
        if (onlyPlan) {
            return ResponseEntity.ok(migration.plan(files));
        }
        MigrationReport report = migration.apply(files, skip, why);
        if (!report.applied()) {
            throw new ReportRefused(
                    "Parts of the configuration cannot be taken over; nothing was changed.",
                    "Correct what is refused and send the files again, or add skip-refused=true to"
                            + " leave it out.",
                    report,
                    errors(report));
        }
        return ResponseEntity.ok(report);
    }

    private static List<FieldError> errors(MigrationReport report) {
        Stream<FieldError> parameters =
                report.parameters().stream()
                        .filter(one -> one.outcome() == MigrationReport.Outcome.REFUSED)
                        .map(one -> new FieldError(one.name(), one.explanation()));
        Stream<FieldError> lines =
                Stream.concat(
                        report.policies().errors().stream()
                                .map(one -> lineError("tls_policy", one)),
                        report.routes().errors().stream().map(one -> lineError("transport", one)));
        return Stream.concat(parameters, lines).toList();
    }

    private static FieldError lineError(String file, FileProblem problem) {
        return new FieldError(
                file + " line " + problem.line(), problem.message() + " " + problem.remedy());
    }

    private static PostfixFiles files(MultipartHttpServletRequest request) throws IOException {
        var named = new HashMap<String, String>();
        var attached = new HashMap<String, String>();
        for (Map.Entry<String, List<MultipartFile>> part : request.getMultiFileMap().entrySet()) {
            for (MultipartFile file : part.getValue()) {
                String text = FileText.of(file.getBytes());
                if (part.getKey().equals("file")) {
                    String path = file.getOriginalFilename();
                    attached.put(PostfixFiles.baseName(path == null ? "" : path), text);
                } else {
                    put(named, part.getKey(), text);
                }
            }
        }
        for (String name : PARTS) {
            String plain = request.getParameter(name); // a part without a file name is a field
            if (plain != null) {
                put(named, name, plain);
            }
            String sent = attached.get(name);
            if (sent != null && !named.containsKey(name)) {
                named.put(name, sent); // main.cf sent as one of the files
            }
        }
        if (named.isEmpty()) {
            throw new BadRequest("main.cf", "There is none of the parts " + PARTS + ".");
        }
        return new PostfixFiles(
                named.get("main.cf"),
                named.get("master.cf"),
                named.get("tls_policy"),
                named.get("transport"),
                attached);
    }

    private static void put(Map<String, String> named, String part, @Nullable String text) {
        if (!PARTS.contains(part)) {
            throw new BadRequest(part, "A part is none of " + PARTS + " and not file.");
        }
        if (text != null && named.put(part, text) != null) {
            throw new BadRequest(part, "A part was sent twice.");
        }
    }
}

package org.sealpost.api;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sealpost.migration.MigrationReport;
import org.sealpost.migration.PostfixFiles;
import org.sealpost.migration.PostfixMigration;
import org.sealpost.policy.postfix.FileText;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
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

    @PostMapping(value = "/import", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<MigrationReport> importFiles(
            MultipartHttpServletRequest request,
            @RequestParam(name = "dry-run", defaultValue = "true") String dryRun,
            @RequestParam(name = "skip-refused", defaultValue = "false") String skipRefused)
            throws IOException {
        boolean onlyPlan = Flags.read("dry-run", dryRun);
        boolean skip = Flags.read("skip-refused", skipRefused);
        PostfixFiles files = files(request);
        if (onlyPlan) {
            return ResponseEntity.ok(migration.plan(files));
        }
        MigrationReport report = migration.apply(files, skip);
        return ResponseEntity.status(
                        report.applied() ? HttpStatus.OK : HttpStatus.UNPROCESSABLE_CONTENT)
                .body(report);
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

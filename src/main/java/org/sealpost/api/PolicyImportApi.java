package org.sealpost.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Digest;
import org.sealpost.policy.TlsPolicies;
import org.sealpost.policy.TlsSettings;
import org.sealpost.policy.postfix.FileText;
import org.sealpost.policy.postfix.ImportReport;
import org.sealpost.policy.postfix.TlsPolicyFile;
import org.sealpost.policy.postfix.TlsPolicyImport;
import org.sealpost.policy.postfix.TlsPolicyImport.Mode;
import org.sealpost.policy.postfix.TlsPolicyWriter;
import org.sealpost.settings.Settings;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The policy table as Postfix's tls_policy, out and in. */
@RestController
@RequestMapping("/api/v1/policies")
class PolicyImportApi {

    /** A million rules with pins fit; memory for everything else is left. */
    private static final int LONGEST_FILE = 64 * 1024 * 1024;

    private final TlsPolicies policies;
    private final Settings settings;

    PolicyImportApi(TlsPolicies policies, Settings settings) {
        this.policies = policies;
        this.settings = settings;
    }

    @GetMapping(value = "/export", produces = "text/plain;charset=UTF-8")
    ResponseEntity<String> export() {
        var writer =
                new TlsPolicyWriter(
                        Digest.parse(settings.get(TlsSettings.SECTION).fingerprintDigest())
                                .orElse(Digest.SHA256));
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"tls_policy\"")
                .body(writer.table(policies.all()));
    }

    @Operation(
            requestBody =
                    @RequestBody(
                            description = "A Postfix tls_policy table, at most 64 MB",
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.TEXT_PLAIN_VALUE,
                                            schema = @Schema(type = "string"))))
    @PostMapping(value = "/import", consumes = MediaType.TEXT_PLAIN_VALUE)
    @PreAuthorize("hasAuthority('policies:write')")
    ResponseEntity<ImportReport> importFile(
            InputStream body,
            @RequestParam(defaultValue = "merge") String mode,
            @RequestParam(name = "dry-run", defaultValue = "false") String dryRun,
            @RequestHeader(name = ChangeReason.HEADER, required = false) @Nullable String reason)
            throws IOException {
        Mode chosen = mode(mode);
        String why = ChangeReason.read(reason);
        boolean onlyPlan = Flags.read("dry-run", dryRun);
        byte[] file = body.readNBytes(LONGEST_FILE + 1);
        if (file.length > LONGEST_FILE) {
            throw new BadRequest("body", "The file is longer than 64 MB.");
        }
        var plan =
                TlsPolicyImport.plan(
                        policies,
                        TlsPolicyFile.parse(FileText.of(file)),
                        chosen,
                        settings.get(TlsSettings.SECTION));
        if (onlyPlan) {
            return ResponseEntity.ok(plan.report());
        }
        if (!plan.report().errors().isEmpty()) {
            int errors = plan.report().errors().size();
            throw new ReportRefused(
                    (errors == 1 ? "An entry" : errors + " entries")
                            + " of the file cannot be taken over; nothing was changed.",
                    "Correct each line as its remedy says, and send the file again.",
                    plan.report(),
                    List.of());
        }
        if (!plan.batch().isEmpty()) {
            policies.apply(plan.batch().because(why));
        }
        return ResponseEntity.ok(plan.report());
    }

    private static Mode mode(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "merge" -> Mode.MERGE;
            case "replace" -> Mode.REPLACE;
            default -> throw new BadRequest("mode", "The mode is neither merge nor replace.");
        };
    }
}

package org.sealpost.api;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.SmtpUsers;
import org.sealpost.account.SmtpUsers.SmtpUser;
import org.sealpost.account.SmtpUsers.SmtpUserDraft;
import org.sealpost.mail.NotFound;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/** The accounts that may submit mail over REST; a password goes in and never comes back. */
@RestController
@RequestMapping("/api/v1/smtp-users")
class SmtpUsersApi {

    private final SmtpUsers users;

    SmtpUsersApi(SmtpUsers users) {
        this.users = users;
    }

    /** An account as the API shows it. */
    record SmtpUserResponse(String username, List<String> senders) {

        static SmtpUserResponse of(SmtpUser user) {
            return new SmtpUserResponse(user.username(), user.senders());
        }
    }

    @GetMapping
    Page<SmtpUserResponse> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        return new ShortList<>(
                        users.list().stream().map(SmtpUserResponse::of).toList(),
                        user -> user.username() + " " + user.senders())
                .by("username", SmtpUserResponse::username)
                .page(q, sort, size, cursor);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<SmtpUserResponse> create(@RequestBody SmtpUserDraft draft) {
        SmtpUser created = users.create(draft);
        String segment = UriUtils.encodePathSegment(created.username(), StandardCharsets.UTF_8);
        return ResponseEntity.created(URI.create("/api/v1/smtp-users/" + segment))
                .eTag(ETags.of(created.version()))
                .body(SmtpUserResponse.of(created));
    }

    @GetMapping("/{username}")
    ResponseEntity<SmtpUserResponse> get(@PathVariable String username) {
        return answer(
                users.find(username).orElseThrow(() -> new NotFound("mail account", username)));
    }

    @PutMapping("/{username}")
    ResponseEntity<SmtpUserResponse> update(
            @PathVariable String username,
            @RequestBody SmtpUserDraft draft,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        return answer(users.update(username, draft, ETags.version(ifMatch)));
    }

    @DeleteMapping("/{username}")
    ResponseEntity<Void> delete(
            @PathVariable String username,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch) {
        users.delete(username, ETags.version(ifMatch));
        return ResponseEntity.noContent().build();
    }

    private static ResponseEntity<SmtpUserResponse> answer(SmtpUser user) {
        return ResponseEntity.ok().eTag(ETags.of(user.version())).body(SmtpUserResponse.of(user));
    }
}

package org.sealpost.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.Role;
import org.sealpost.account.Users;
import org.sealpost.account.Users.NewUser;
import org.sealpost.account.Users.User;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Console users over REST. */
@RestController
@RequestMapping("/api/v1/users")
class UsersApi {

    private final Users users;

    UsersApi(Users users) {
        this.users = users;
    }

    /** A user as the API shows it. */
    record UserResponse(
            long id,
            String username,
            List<String> roles,
            boolean mustChangePassword,
            Instant createdAt) {

        static UserResponse of(User user) {
            return new UserResponse(
                    user.id(),
                    user.username(),
                    user.roles().stream().map(Role::word).toList(),
                    user.mustChangePassword(),
                    user.createdAt());
        }
    }

    @GetMapping
    Page<UserResponse> list(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable Integer size,
            @RequestParam(required = false) @Nullable String cursor) {
        return new ShortList<>(
                        users.list().stream().map(UserResponse::of).toList(),
                        UserResponse::username)
                .by("username", UserResponse::username)
                .by(
                        "createdAt",
                        user ->
                                "%020d %s"
                                        .formatted(
                                                user.createdAt().toEpochMilli(), user.username()))
                .page(q, sort, size, cursor);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<UserResponse> create(@RequestBody NewUser user) {
        User created = users.create(user);
        return ResponseEntity.created(URI.create("/api/v1/users/" + created.id()))
                .body(UserResponse.of(created));
    }
}

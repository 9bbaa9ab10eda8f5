package org.sealpost.account;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A console user's row. */
@Entity
@Table(name = "app_user")
@SuppressWarnings("UnusedVariable") // the version is for Hibernate
class UserEntity {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String username;
    private String passwordHash;
    private String roles;
    private boolean mustChangePassword;
    private boolean disabled;
    private Instant createdAt;
    private @Nullable String oidcSubject;
    @Version private long version;

    @SuppressWarnings("NullAway.Init") // JPA
    protected UserEntity() {}

    UserEntity(
            String username,
            String passwordHash,
            Set<Role> roles,
            boolean mustChangePassword,
            Instant createdAt) {
        this.username = username;
        this.passwordHash = passwordHash;
        this.roles = words(roles);
        this.mustChangePassword = mustChangePassword;
        this.createdAt = createdAt;
    }

    /** Somebody whom the identity provider sent. */
    static UserEntity ofProvider(
            String username, String hash, Set<Role> roles, Instant createdAt, String subject) {
        var user = new UserEntity(username, hash, roles, false, createdAt);
        user.oidcSubject = subject;
        return user;
    }

    void changeRoles(Set<Role> newRoles) {
        roles = words(newRoles);
    }

    void changePassword(String newHash) {
        passwordHash = newHash;
        mustChangePassword = false;
    }

    void giveOneTimePassword(String newHash) {
        passwordHash = newHash;
        mustChangePassword = true;
        disabled = false;
    }

    void disable(boolean out) {
        disabled = out;
    }

    boolean isDisabled() {
        return disabled;
    }

    String passwordHash() {
        return passwordHash;
    }

    Users.User toUser() {
        if (id == null) {
            throw new IllegalStateException("not stored yet");
        }
        Set<Role> parsed =
                Arrays.stream(roles.split(","))
                        .flatMap(word -> Role.parse(word).stream())
                        .collect(Collectors.toCollection(TreeSet::new));
        return new Users.User(id, username, parsed, mustChangePassword, disabled, createdAt);
    }

    private static String words(Set<Role> roles) {
        return roles.stream().sorted().map(Role::word).collect(Collectors.joining(","));
    }
}

package org.sealpost.account;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Console users. */
public interface Users {

    /** Whether a text may be a user's name. */
    static boolean isName(String text) {
        return text.matches("[A-Za-z0-9._@-]{1,100}");
    }

    /** All users, ordered by name. Needs {@code users:read}. */
    List<User> list();

    Optional<User> find(long id);

    /** Adds a user. Needs {@code users:write}. */
    User create(NewUser user);

    /** Replaces a user's roles, the last administrator's excepted. Needs {@code users:write}. */
    User changeRoles(long id, List<String> roles);

    /** Keeps a user out, the last administrator excepted, or lets it in again. */
    User disable(long id, boolean out);

    /** Removes a user, the last administrator excepted. Needs {@code users:write}. */
    void delete(long id);

    /** Changes the signed-in user's own password. */
    void changeOwnPassword(String present, String wanted);

    /**
     * A user.
     *
     * @param mustChangePassword whether only the page that changes it may be seen
     * @param disabled whether the user and its tokens are kept out
     */
    record User(
            long id,
            String username,
            Set<Role> roles,
            boolean mustChangePassword,
            boolean disabled,
            Instant createdAt) {}

    /** A user as an administrator writes it; roles by their words. */
    record NewUser(
            @Nullable String username, @Nullable String password, @Nullable List<String> roles) {}
}

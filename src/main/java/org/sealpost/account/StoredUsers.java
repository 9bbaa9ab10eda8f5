package org.sealpost.account;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Console users in the database. */
@Service
class StoredUsers implements Users {

    private static final String OBJECT = "user";

    private final UserRows rows;
    private final PasswordEncoder encoder;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    StoredUsers(
            UserRows rows, PasswordEncoder encoder, ApplicationEventPublisher events, Clock clock) {
        this.rows = rows;
        this.encoder = encoder;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(readOnly = true)
    @PreAuthorize("hasAuthority('users:read')")
    public List<User> list() {
        return rows.findAllByOrderByUsername().stream().map(UserEntity::toUser).toList();
    }

    @Override
    @Transactional(readOnly = true)
    @PreAuthorize("hasAuthority('users:read')")
    public Optional<User> find(long id) {
        return rows.findById(id).map(UserEntity::toUser);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('users:write')")
    public User create(NewUser user) {
        var problems = new ArrayList<Problem>();
        String username = user.username() == null ? "" : user.username().strip();
        if (!Users.isName(username)) {
            problems.add(
                    new Problem(
                            "username",
                            "“" + username + "” is not a user name.",
                            "Use up to 100 letters, digits, dots, hyphens, underscores or @."));
        }
        String password = user.password() == null ? "" : user.password();
        PasswordRules.problem(username, password)
                .ifPresent(problem -> problems.add(passwordProblem("password", problem)));
        Set<Role> roles = roles(user.roles(), problems);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        if (rows.findByUsername(username).isPresent()) {
            throw new Conflict("There is already a user " + username + ".", "Choose another name.");
        }
        User created =
                rows.saveAndFlush(
                                new UserEntity(
                                        username, encode(password), roles, false, clock.instant()))
                        .toUser();
        events.publishEvent(ConfigurationChanged.created(OBJECT, created.id(), created));
        return created;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('users:write')")
    public User changeRoles(long id, List<String> words) {
        var problems = new ArrayList<Problem>();
        Set<Role> roles = roles(words, problems);
        if (!problems.isEmpty()) {
            throw new InvalidInput(problems);
        }
        UserEntity row = row(id);
        User before = row.toUser();
        if (!roles.contains(Role.ADMINISTRATOR)) {
            requireAnotherAdministrator(before);
        }
        row.changeRoles(roles);
        User after = rows.saveAndFlush(row).toUser();
        events.publishEvent(ConfigurationChanged.changed(OBJECT, id, before, after));
        return after;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('users:write')")
    public User disable(long id, boolean out) {
        UserEntity row = row(id);
        User before = row.toUser();
        if (out) {
            requireAnotherAdministrator(before);
        }
        row.disable(out);
        User after = rows.saveAndFlush(row).toUser();
        events.publishEvent(ConfigurationChanged.changed(OBJECT, id, before, after));
        return after;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('users:write')")
    public void delete(long id) {
        UserEntity row = row(id);
        User before = row.toUser();
        requireAnotherAdministrator(before);
        rows.delete(row);
        rows.flush();
        events.publishEvent(ConfigurationChanged.removed(OBJECT, id, before));
    }

    @Override
    @Transactional
    @PreAuthorize("isAuthenticated()")
    public void changeOwnPassword(String present, String wanted) {
        var caller = SecurityContextHolder.getContext().getAuthentication();
        UserEntity row =
                rows.findByUsername(caller == null ? "" : caller.getName())
                        .orElseThrow(() -> new NotFound("user", "of this session"));
        if (!encoder.matches(present, row.passwordHash())) {
            throw new InvalidInput("present", "The present password is wrong.", "Type it again.");
        }
        User user = row.toUser();
        PasswordRules.problem(user.username(), wanted)
                .ifPresent(problem -> {
                    throw new InvalidInput(List.of(passwordProblem("wanted", problem)));
                });
        row.changePassword(encode(wanted));
        rows.saveAndFlush(row);
        events.publishEvent(
                ConfigurationChanged.changed(
                        OBJECT, user.id(), Map.of("password", "old"), Map.of("password", "new")));
    }

    /** Adds the first administrator; part of the bootstrap only. */
    void seedAdministrator(String password, boolean mustChange) {
        rows.saveAndFlush(
                new UserEntity(
                        "admin",
                        encode(password),
                        EnumSet.of(Role.ADMINISTRATOR),
                        mustChange,
                        clock.instant()));
    }

    private String encode(String password) {
        String hash = encoder.encode(password);
        if (hash == null) {
            throw new IllegalStateException("the password encoder returned nothing");
        }
        return hash;
    }

    private UserEntity row(long id) {
        return rows.findById(id).orElseThrow(() -> new NotFound("user", id));
    }

    private void requireAnotherAdministrator(User leaving) {
        boolean another =
                rows.findAll().stream()
                        .map(UserEntity::toUser)
                        .anyMatch(user ->
                                user.id() != leaving.id()
                                        && !user.disabled()
                                        && user.roles().contains(Role.ADMINISTRATOR));
        if (leaving.roles().contains(Role.ADMINISTRATOR) && !another) {
            throw new Conflict(
                    leaving.username() + " is the last administrator.",
                    "Make another user an administrator first.");
        }
    }

    private static Set<Role> roles(@Nullable List<String> words, List<Problem> problems) {
        var roles = EnumSet.noneOf(Role.class);
        for (String word : words == null ? List.<String>of() : words) {
            Optional<Role> role = Optional.ofNullable(word).flatMap(Role::parse);
            if (role.isEmpty()) {
                problems.add(
                        new Problem(
                                "roles",
                                "“" + word + "” is not a role.",
                                "Use viewer, operator, policy-editor, certificate-manager,"
                                        + " administrator or auditor."));
            }
            role.ifPresent(roles::add);
        }
        if (roles.isEmpty() && problems.isEmpty()) {
            problems.add(
                    new Problem(
                            "roles", "A user needs at least one role.", "Give viewer at least."));
        }
        return roles;
    }

    private static Problem passwordProblem(String field, String problem) {
        return new Problem(
                field,
                problem,
                "Choose one of at least "
                        + PasswordRules.SHORTEST
                        + " characters that nobody would guess.");
    }
}

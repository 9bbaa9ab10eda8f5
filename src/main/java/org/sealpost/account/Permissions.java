package org.sealpost.account;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each role may do, in the words of the API's scopes; the doors ask for these. */
final class Permissions {

    /** Everyone who is signed in. */
    private static final List<String> EVERYONE =
            List.of(
                    "policies:read",
                    "routes:read",
                    "certificates:read",
                    "listeners:read",
                    "settings:read",
                    "queue:read",
                    "selftests:read",
                    "events:read");

    private static final List<String> EVERYTHING =
            List.of(
                    "policies:write",
                    "routes:write",
                    "certificates:write",
                    "listeners:write",
                    "settings:write",
                    "queue:write",
                    "selftests:write",
                    "events:write",
                    "users:read",
                    "users:write",
                    "audit:read",
                    "metrics:read");

    private static final Map<Role, List<String>> MORE =
            Map.of(
                    Role.VIEWER, List.of(),
                    Role.OPERATOR, List.of("queue:write", "selftests:write", "events:write"),
                    Role.POLICY_EDITOR, List.of("policies:write", "routes:write"),
                    Role.CERTIFICATE_MANAGER, List.of("certificates:write"),
                    Role.AUDITOR, List.of("users:read", "audit:read"),
                    Role.ADMINISTRATOR, EVERYTHING);

    private Permissions() {}

    static Set<String> of(Collection<Role> roles) {
        var all = new LinkedHashSet<>(EVERYONE);
        roles.forEach(role -> all.addAll(MORE.getOrDefault(role, List.of())));
        return all;
    }
}

package org.sealpost.console;

import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/**
 * Who looks at a page.
 *
 * @param permissions in the words of the doors, e.g. {@code policies:write}; pages hide what is not
 *     among them, and the doors refuse it anyway
 */
public record Viewer(String name, Set<String> permissions) {

    static @Nullable Viewer of(@Nullable Authentication caller) {
        return caller == null
                        || !caller.isAuthenticated()
                        || "anonymousUser".equals(caller.getName())
                ? null
                : new Viewer(
                        caller.getName(),
                        caller.getAuthorities().stream()
                                .map(GrantedAuthority::getAuthority)
                                .collect(Collectors.toSet()));
    }

    public boolean may(String permission) {
        return permissions.contains(permission);
    }
}

package org.sealpost.console;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * What surrounds every page.
 *
 * @param viewer null before signing in
 * @param links where the viewer may go
 * @param theme {@code auto}, {@code light} or {@code dark}
 * @param here the page's own address
 */
public record Frame(@Nullable Viewer viewer, List<Link> links, String theme, String here) {

    static final String THEME = "sealpost-theme";
    static final Set<String> THEMES = Set.of("auto", "light", "dark");

    /**
     * An entry of the navigation.
     *
     * @param icon a Bootstrap icon
     * @param current whether the page shown belongs to it
     */
    public record Link(String path, String label, String icon, boolean current) {}

    private record Place(String path, String label, String icon, String permission) {}

    private static final List<Place> PLACES =
            List.of(
                    new Place("/", "Dashboard", "speedometer2", "policies:read"),
                    new Place("/policies", "Policies", "shield-lock", "policies:read"),
                    new Place("/certificates", "Certificates", "patch-check", "certificates:read"),
                    new Place("/self-tests", "Self-test", "clipboard-check", "selftests:read"),
                    new Place("/live", "Live log", "broadcast", "events:read"),
                    new Place("/queue", "Queue", "inboxes", "queue:read"),
                    new Place("/routes", "Routes", "signpost-split", "routes:read"),
                    new Place("/listeners", "Listeners", "ear", "listeners:read"),
                    new Place("/settings", "Settings", "gear", "settings:read"),
                    new Place("/users", "Users", "people", "users:read"),
                    new Place("/tokens", "Tokens", "key", "policies:read"),
                    new Place("/audit", "Audit", "journal-check", "audit:read"));

    static Frame of(HttpServletRequest request) {
        Viewer viewer = Viewer.of(SecurityContextHolder.getContext().getAuthentication());
        String path = path(request);
        String query = request.getQueryString();
        return new Frame(
                viewer,
                links(viewer, path.substring(request.getContextPath().length())),
                theme(request),
                path + (query == null ? "" : "?" + query));
    }

    /** The path that was asked for, on an error page, too. */
    private static String path(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String failed
                ? failed
                : request.getRequestURI();
    }

    private static List<Link> links(@Nullable Viewer viewer, String path) {
        return PLACES.stream()
                .filter(place -> viewer != null && viewer.may(place.permission()))
                .map(place ->
                        new Link(
                                place.path(),
                                place.label(),
                                place.icon(),
                                path.equals(place.path()) || path.startsWith(place.path() + "/")))
                .toList();
    }

    private static String theme(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return Stream.ofNullable(cookies)
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals(THEME))
                .map(Cookie::getValue)
                .filter(THEMES::contains)
                .findFirst()
                .orElse("auto");
    }
}

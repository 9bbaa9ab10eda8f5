package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Matches a write to the API that a page of another site made a browser send, with a password the
 * browser remembers (Fetch Metadata, RFC 6454).
 */
final class ForeignPages implements RequestMatcher {

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    public boolean matches(HttpServletRequest request) {
        return !READS.contains(request.getMethod())
                && (isForeignFetch(request.getHeader("Sec-Fetch-Site"))
                        || isForeignOrigin(request, request.getHeader("Origin")));
    }

    private static boolean isForeignFetch(@Nullable String site) {
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }

    private static boolean isForeignOrigin(HttpServletRequest request, @Nullable String origin) {
        if (origin == null) {
            return false;
        }
        try {
            URI from = URI.create(origin);
            int port = from.getPort() >= 0 ? from.getPort() : defaultPort(from.getScheme());
            return !(request.getScheme().equals(from.getScheme())
                    && request.getServerName().equals(from.getHost())
                    && request.getServerPort() == port);
        } catch (IllegalArgumentException notAnOrigin) {
            return true;
        }
    }

    private static int defaultPort(@Nullable String scheme) {
        return "https".equals(scheme) ? 443 : 80;
    }
}

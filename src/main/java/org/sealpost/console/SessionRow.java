package org.sealpost.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sealpost.account.OpenSessions.Session;

/**
 * A session in a list.
 *
 * @param current whether the viewer looks from it
 */
public record SessionRow(
        String handle,
        String username,
        When since,
        When lastUsed,
        String address,
        String browser,
        boolean current) {

    /** In this order: later ones call themselves by the names of earlier ones, too. */
    private static final Map<String, String> BROWSERS = new LinkedHashMap<>();

    private static final Map<String, String> SYSTEMS = new LinkedHashMap<>();

    static {
        BROWSERS.put("Edg/", "Edge");
        BROWSERS.put("OPR/", "Opera");
        BROWSERS.put("Firefox/", "Firefox");
        BROWSERS.put("Chrome/", "Chrome");
        BROWSERS.put("Safari/", "Safari");
        SYSTEMS.put("Android", "Android");
        SYSTEMS.put("iPhone", "iPhone");
        SYSTEMS.put("iPad", "iPad");
        SYSTEMS.put("Windows", "Windows");
        SYSTEMS.put("Mac OS X", "macOS");
        SYSTEMS.put("Linux", "Linux");
    }

    static SessionRow of(Session session, boolean current, Instant now) {
        return new SessionRow(
                session.handle(),
                session.username(),
                When.of(session.since(), now),
                When.of(session.lastUsed(), now),
                session.address(),
                browser(session.browser()),
                current);
    }

    /** In people's words; as it calls itself where those are not known. */
    static String browser(String userAgent) {
        String browser = first(BROWSERS, userAgent);
        String system = first(SYSTEMS, userAgent);
        if (browser.isEmpty()) {
            return userAgent.isEmpty() ? "not told" : userAgent;
        }
        return system.isEmpty() ? browser : browser + " on " + system;
    }

    private static String first(Map<String, String> names, String userAgent) {
        return names.entrySet().stream()
                .filter(name -> userAgent.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }
}

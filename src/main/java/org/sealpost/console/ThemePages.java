package org.sealpost.console;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.sealpost.mail.InvalidInput;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Light or dark, as the browser keeps it in a cookie. */
@Controller
class ThemePages {

    @PostMapping("/theme")
    ResponseEntity<Void> choose(
            @RequestParam String theme, @RequestParam String page, HttpServletRequest request) {
        if (!Frame.THEMES.contains(theme)) {
            throw new InvalidInput(
                    "theme", "There is no such theme.", "Choose auto, light or dark.");
        }
        ResponseCookie cookie =
                ResponseCookie.from(Frame.THEME, theme)
                        .path("/")
                        .maxAge(Duration.ofDays(365))
                        .sameSite("Lax")
                        .secure(request.isSecure())
                        .httpOnly(true)
                        .build();
        return ResponseEntity.status(303)
                .header(HttpHeaders.SET_COOKIE, cookie.toString())
                .header(HttpHeaders.LOCATION, isOurs(page) ? page : "/")
                .build();
    }

    /** Only a path of this console: {@code //host} and {@code /\host} lead elsewhere. */
    private static boolean isOurs(String page) {
        return page.matches("/([A-Za-z0-9_-][A-Za-z0-9_/?=&.%+-]*)?");
    }
}

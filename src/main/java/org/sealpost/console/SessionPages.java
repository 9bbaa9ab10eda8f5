package org.sealpost.console;

import java.time.Clock;
import java.time.Instant;
import org.sealpost.account.OpenSessions;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who is signed in, for administrators and auditors; and the buttons that end a session. */
@Controller
class SessionPages {

    private final OpenSessions sessions;
    private final Clock clock;

    SessionPages(OpenSessions sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @GetMapping("/users/sessions")
    @PreAuthorize("hasAuthority('users:read')")
    String list(Model model) {
        Instant now = clock.instant();
        model.addAttribute(
                "sessions",
                sessions.all().stream()
                        .map(session -> SessionRow.of(session, sessions.isCurrent(session), now))
                        .toList());
        return "account/sessions";
    }

    @PostMapping("/users/sessions/{handle}/end")
    @PreAuthorize("hasAuthority('users:write')")
    String end(@PathVariable String handle, RedirectAttributes flash) {
        sessions.end(handle);
        flash.addFlashAttribute("flash", "The session is ended.");
        return "redirect:/users/sessions";
    }

    @PostMapping("/profile/sessions/{handle}/end")
    String endOwn(@PathVariable String handle, RedirectAttributes flash) {
        sessions.endOwn(handle);
        flash.addFlashAttribute("flash", "The session is ended.");
        return "redirect:/profile";
    }
}

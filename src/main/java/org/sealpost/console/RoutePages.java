package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Routes;
import org.sealpost.delivery.Routes.Route;
import org.sealpost.delivery.Routes.RouteDraft;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The routes: list, add, edit, remove. A password goes in and is never shown. */
@Controller
@PreAuthorize("hasAuthority('routes:read')")
class RoutePages {

    private static final String MAY_WRITE = "hasAuthority('routes:write')";

    private final Routes routes;

    RoutePages(Routes routes) {
        this.routes = routes;
    }

    /** A route as the form edits it. */
    public record RouteForm(
            @Nullable String pattern,
            @Nullable String sender,
            @Nullable String nextHop,
            @Nullable String protocol,
            @Nullable String username,
            @Nullable String password,
            @Nullable String auth,
            @Nullable String sourceAddresses,
            @Nullable Long version) {

        static final RouteForm EMPTY = new RouteForm("", "", "", "smtp", "", "", "", "", null);

        static RouteForm of(Route route) {
            return new RouteForm(
                    route.pattern(),
                    route.sender(),
                    route.nextHop(),
                    route.protocol(),
                    route.username(),
                    "",
                    route.auth(),
                    String.join(" ", route.sourceAddresses()),
                    route.version());
        }

        RouteDraft toDraft() {
            String sources = sourceAddresses == null ? "" : sourceAddresses.strip();
            return new RouteDraft(
                    pattern,
                    given(sender),
                    nextHop,
                    given(protocol),
                    given(username),
                    given(password),
                    given(auth),
                    sources.isEmpty() ? List.of() : List.of(sources.split("[\\s,]+")));
        }

        private static @Nullable String given(@Nullable String text) {
            return text == null || text.isBlank() ? null : text;
        }

        /** Without the password, so that no log can show it. */
        @Override
        public String toString() {
            return "RouteForm[" + pattern + ", " + nextHop + "]";
        }
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/routes")
    String list(Model model) {
        model.addAttribute("routes", routes.list());
        return "delivery/routes";
    }

    @GetMapping("/routes/new")
    @PreAuthorize(MAY_WRITE)
    String add(Model model) {
        return show(model, null, RouteForm.EMPTY);
    }

    @PostMapping("/routes")
    @PreAuthorize(MAY_WRITE)
    String create(
            RouteForm form, Model model, HttpServletResponse response, RedirectAttributes flash) {
        return save(
                null,
                form,
                model,
                response,
                () -> {
                    Route created = routes.create(form.toDraft());
                    flash.addFlashAttribute(
                            "flash", "The route for " + created.pattern() + " is in force.");
                });
    }

    @GetMapping("/routes/{id}")
    String edit(@PathVariable long id, Model model) {
        return show(model, id, RouteForm.of(find(id)));
    }

    @PostMapping("/routes/{id}")
    @PreAuthorize(MAY_WRITE)
    String update(
            @PathVariable long id,
            RouteForm form,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        return save(
                id,
                form,
                model,
                response,
                () -> {
                    Route updated = routes.update(id, form.toDraft(), form.version());
                    flash.addFlashAttribute(
                            "flash",
                            "The change of "
                                    + updated.pattern()
                                    + " acts on the next attempt."
                                    + (updated.username() != null && !updated.hasPassword()
                                            ? " No password is stored for it now."
                                            : ""));
                });
    }

    @GetMapping("/routes/{id}/delete")
    @PreAuthorize(MAY_WRITE)
    String confirm(@PathVariable long id, Model model) {
        model.addAttribute("route", find(id));
        return "delivery/route-delete";
    }

    @PostMapping("/routes/{id}/delete")
    @PreAuthorize(MAY_WRITE)
    String delete(@PathVariable long id, @RequestParam long version, RedirectAttributes flash) {
        String pattern = find(id).pattern();
        routes.delete(id, version);
        flash.addFlashAttribute("flash", "The route for " + pattern + " is removed.");
        return "redirect:/routes";
    }

    private String save(
            @Nullable Long id,
            RouteForm form,
            Model model,
            HttpServletResponse response,
            Runnable change) {
        FormProblems problems;
        try {
            change.run();
            return "redirect:/routes";
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            problems = FormProblems.of(invalid);
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            problems = FormProblems.of(conflict, "pattern");
        } catch (StaleVersion stale) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            problems = FormProblems.of(stale);
        }
        model.addAttribute("problems", problems);
        return show(model, id, form);
    }

    private String show(Model model, @Nullable Long id, RouteForm form) {
        model.addAttribute("id", id)
                .addAttribute("form", form)
                .addAttribute("hasPassword", id != null && find(id).hasPassword());
        return "delivery/route";
    }

    private Route find(long id) {
        return routes.find(id).orElseThrow(() -> new NotFound("route", id));
    }
}

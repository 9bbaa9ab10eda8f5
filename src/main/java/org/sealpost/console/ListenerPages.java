package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.CertificateQuery;
import org.sealpost.certificate.Certificates;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.sealpost.mail.StaleVersion;
import org.sealpost.settings.Versioned;
import org.sealpost.smtp.ListenerSettings;
import org.sealpost.smtp.Listeners;
import org.sealpost.smtp.Listeners.ListenerState;
import org.sealpost.smtp.StoredListeners;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The listeners: whether they are up, and which certificates they present. */
@Controller
class ListenerPages {

    private static final String SHOW = "listener/show";
    private static final int MOST_CANDIDATES = 200;

    private final Listeners listeners;
    private final StoredListeners settings;
    private final Certificates certificates;
    private final ServedCheck served;
    private final Clock clock;

    ListenerPages(
            Listeners listeners,
            StoredListeners settings,
            Certificates certificates,
            ServedCheck served,
            Clock clock) {
        this.listeners = listeners;
        this.settings = settings;
        this.certificates = certificates;
        this.served = served;
        this.clock = clock;
    }

    /**
     * A listener.
     *
     * @param port the one it is bound to, else the one it should be
     * @param state {@code up}, {@code down} or {@code off}
     * @param problem why it is down
     */
    public record Row(
            String name,
            int port,
            @Nullable String address,
            String tls,
            boolean authRequired,
            String state,
            @Nullable String problem,
            List<CertificateRow> presents) {}

    /** A certificate that may be chosen. */
    public record Choice(CertificateRow certificate, boolean chosen) {}

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/listeners")
    String list(Model model) {
        model.addAttribute("listeners", listeners.list().stream().map(this::row).toList());
        return "listener/list";
    }

    @GetMapping("/listeners/{name}")
    String show(@PathVariable String name, Model model) {
        Versioned<ListenerSettings> stored = settings.get(name);
        return show(name, model, stored.value().certificateIds(), stored.version());
    }

    private String show(String name, Model model, List<Long> chosen, long version) {
        var query = new CertificateQuery(null, "server", "id", null, MOST_CANDIDATES);
        model.addAttribute("listener", row(state(name)))
                .addAttribute("version", version)
                .addAttribute(
                        "choices",
                        certificates.page(query).stream()
                                .map(one -> CertificateRow.of(one, clock.instant()))
                                .map(one -> new Choice(one, chosen.contains(one.id())))
                                .toList());
        return SHOW;
    }

    @PostMapping("/listeners/{name}")
    String update(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable List<Long> certificateIds,
            @RequestParam long version,
            Model model,
            HttpServletResponse response,
            RedirectAttributes flash) {
        List<Long> chosen = certificateIds == null ? List.of() : certificateIds;
        try {
            ListenerSettings present = settings.get(name).value();
            settings.update(name, present.withCertificates(chosen), version, null);
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            model.addAttribute("problems", FormProblems.of(invalid));
            return show(name, model, chosen, version);
        } catch (StaleVersion stale) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            model.addAttribute("problems", FormProblems.of(stale));
            return show(name, model, chosen, version);
        }
        flash.addFlashAttribute(
                "flash", "The listener " + name + " presents them from the next connection on.");
        return "redirect:/listeners/" + name;
    }

    /** Connects to the listener and tells what it serves at this moment. */
    @PostMapping("/listeners/{name}/served")
    String served(@PathVariable String name, Model model) {
        ListenerState state = state(name);
        if (state.boundPort() > 0) {
            model.addAttribute("served", served.of(state));
        }
        return show(name, model);
    }

    private ListenerState state(String name) {
        return listeners.list().stream()
                .filter(one -> one.settings().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFound("listener", name));
    }

    private Row row(ListenerState state) {
        ListenerSettings listener = state.settings();
        boolean up = state.boundPort() > 0;
        return new Row(
                listener.name(),
                up ? state.boundPort() : listener.port(),
                listener.address(),
                listener.implicitTls()
                        ? "implicit TLS"
                        : switch (listener.level()) {
                            case "encrypt" -> "STARTTLS required";
                            case "may" -> "STARTTLS offered";
                            default -> "no TLS";
                        },
                listener.authRequired(),
                up ? "up" : state.problem() == null ? "off" : "down",
                state.problem(),
                listener.certificateIds().stream()
                        .flatMap(id -> certificates.find(id).stream())
                        .map(one -> CertificateRow.of(one, clock.instant()))
                        .toList());
    }
}

package org.sealpost.console;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.ApiTokens;
import org.sealpost.account.ApiTokens.ApiToken;
import org.sealpost.account.ApiTokens.Issued;
import org.sealpost.account.ApiTokens.NewToken;
import org.sealpost.mail.Conflict;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NotFound;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** API tokens of whoever is signed in, and for administrators everybody's. */
@Controller
class TokenPages {

    private static final List<Integer> LIFETIMES = List.of(30, 90, 365);

    private final ApiTokens tokens;
    private final Clock clock;

    TokenPages(ApiTokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    /** A token in the list. */
    public record TokenRow(
            ApiToken token,
            When created,
            @Nullable When expires,
            @Nullable When used,
            boolean over) {}

    /**
     * A token as the form asks for it.
     *
     * @param addresses networks, one per line
     * @param days how long it lasts; null for a token that does not end
     */
    public record TokenForm(
            @Nullable String name,
            @Nullable List<String> scopes,
            @Nullable String addresses,
            @Nullable Integer days) {

        public boolean has(String scope) {
            return scopes != null && scopes.contains(scope);
        }
    }

    @ModelAttribute("problems")
    FormProblems noProblems() {
        return FormProblems.NONE;
    }

    @GetMapping("/tokens")
    String list(Model model) {
        var now = clock.instant();
        model.addAttribute(
                "tokens",
                tokens.list().stream()
                        .map(token ->
                                new TokenRow(
                                        token,
                                        When.of(token.createdAt(), now),
                                        When.ofNullable(token.expiresAt(), now),
                                        When.ofNullable(token.lastUsedAt(), now),
                                        token.expiresAt() != null
                                                && !token.expiresAt().isAfter(now)))
                        .toList());
        return "account/tokens";
    }

    @GetMapping("/tokens/new")
    String add(Model model) {
        return show(model, new TokenForm("", List.of(), "", LIFETIMES.get(1)));
    }

    @PostMapping("/tokens")
    String create(
            TokenForm form, Model model, HttpServletResponse response, RedirectAttributes flash) {
        FormProblems problems;
        try {
            return issued(tokens.create(draft(form)), flash);
        } catch (InvalidInput invalid) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
            problems = FormProblems.of(invalid);
        } catch (Conflict conflict) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            problems = FormProblems.of(conflict, "name");
        }
        model.addAttribute("problems", problems);
        return show(model, form);
    }

    @GetMapping("/tokens/{id}/{change:rotate|delete}")
    String confirm(@PathVariable long id, @PathVariable String change, Model model) {
        model.addAttribute("token", find(id)).addAttribute("rotates", change.equals("rotate"));
        return "account/token-confirm";
    }

    @PostMapping("/tokens/{id}/rotate")
    String rotate(@PathVariable long id, RedirectAttributes flash) {
        return issued(tokens.rotate(id), flash);
    }

    @PostMapping("/tokens/{id}/delete")
    String delete(@PathVariable long id, RedirectAttributes flash) {
        String name = find(id).name();
        tokens.delete(id);
        flash.addFlashAttribute("flash", "The token " + name + " is removed and refused now.");
        return "redirect:/tokens";
    }

    /** The secret is shown on the next page, once. */
    private static String issued(Issued issued, RedirectAttributes flash) {
        flash.addFlashAttribute("issued", issued);
        return "redirect:/tokens";
    }

    private NewToken draft(TokenForm form) {
        return new NewToken(
                form.name(),
                form.scopes(),
                form.days() == null ? null : clock.instant().plus(Duration.ofDays(form.days())),
                form.addresses() == null ? null : form.addresses().lines().toList());
    }

    private ApiToken find(long id) {
        return tokens.list().stream()
                .filter(token -> token.id() == id)
                .findAny()
                .orElseThrow(() -> new NotFound("token", id));
    }

    private static String show(Model model, TokenForm form) {
        model.addAttribute("form", form)
                .addAttribute("lifetimes", LIFETIMES)
                .addAttribute("scopes", ApiTokens.SCOPES);
        return "account/token";
    }
}

package org.sealpost.console;

import java.time.Clock;
import org.sealpost.account.SecondFactors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What belongs to whoever is signed in: how they sign in, and where they are signed in. */
@Controller
class ProfilePages {

    private final SecondFactors factors;
    private final Clock clock;

    ProfilePages(SecondFactors factors, Clock clock) {
        this.factors = factors;
        this.clock = clock;
    }

    @GetMapping("/profile")
    String show(Model model) {
        SecondFactors.Own own = factors.own();
        model.addAttribute("factor", own)
                .addAttribute("factorSince", When.ofNullable(own.since(), clock.instant()));
        return "account/profile";
    }
}

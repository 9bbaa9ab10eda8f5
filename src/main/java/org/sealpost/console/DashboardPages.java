package org.sealpost.console;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** The first page. */
@Controller
class DashboardPages {

    @GetMapping("/")
    String show() {
        return "dashboard";
    }
}

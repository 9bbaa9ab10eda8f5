package org.sealpost.api;

import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.PresentedChains;
import org.sealpost.delivery.PresentedChains.PresentedChain;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What other servers show, over REST; nothing is stored. */
@RestController
@RequestMapping("/api/v1/certificates/fetch")
class FetchApi {

    private final PresentedChains chains;

    FetchApi(PresentedChains chains) {
        this.chains = chains;
    }

    /**
     * The server to look at.
     *
     * @param connect {@code auto} (when null), {@code starttls} or {@code implicit}
     */
    record Server(@Nullable String nextHop, @Nullable String connect) {}

    @PostMapping
    PresentedChain fetch(@RequestBody Server server) {
        return chains.fetch(server.nextHop(), server.connect());
    }
}

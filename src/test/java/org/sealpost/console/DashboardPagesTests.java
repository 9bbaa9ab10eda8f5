package org.sealpost.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.console.Dashboard.Delivered;
import org.sealpost.testing.RunningSealpost;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.context.WebApplicationContext;

@RunningSealpost
class DashboardPagesTests {

    private final QueueRows rows;
    private final Pages viewer;

    DashboardPagesTests(JdbcTemplate jdbc, WebApplicationContext application) {
        this.rows = new QueueRows(jdbc);
        this.viewer = Pages.of(application);
    }

    @AfterEach
    void clear() {
        rows.clear();
    }

    @Test
    void mailThatWaitsForTlsNeedsAttention() {
        rows.message("0DASHBOARD0001", "deferred", "b@partner.queue.example");
        rows.message("0DASHBOARD0002", "deferred", "c@partner.queue.example");
        rows.refusedByTls("0DASHBOARD0001");
        rows.refusedByTls("0DASHBOARD0002");

        assertThat(viewer.get("/"))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "<title>Dashboard",
                        "2 messages wait for partner.queue.example: its TLS",
                        "The next attempt goes by the default, level may.",
                        "/queue?state=deferred&amp;nextHop=partner.queue.example",
                        "/queue/0DASHBOARD0001",
                        ">smtp<",
                        ">up<",
                        "days left");
    }

    @Test
    void mailThatWaitsForAnythingElseDoesNot() {
        rows.message("0DASHBOARD0001", "deferred", "b@partner.queue.example");
        rows.attempt("0DASHBOARD0001", "450 4.7.5 greylisted, in their words", null);

        assertThat(viewer.get("/")).bodyText().doesNotContain("for partner.queue.example: its TLS");
    }

    @Test
    void aSmallShareIsStillSeen() {
        var day = new Delivered(9_999, 1, 0);

        assertThat(day.share(day.delivered())).isEqualTo(100);
        assertThat(day.share(day.deferred())).isEqualTo(1);
        assertThat(day.share(day.bounced())).isZero();
    }
}

package org.sealpost.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * Ends relaxations whose time is over: at the start before anything is delivered, then by itself.
 */
@Component
class RelaxationTimer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RelaxationTimer.class);
    private static final int PHASE = -150;
    private static final int PERIOD_SECONDS = 15;

    private final RelaxationRows rows;
    private final Relaxations relaxations;
    private final Clock clock;
    private volatile @Nullable ScheduledExecutorService timer;

    RelaxationTimer(RelaxationRows rows, Relaxations relaxations, Clock clock) {
        this.rows = rows;
        this.relaxations = relaxations;
        this.clock = clock;
    }

    /** Ends those that are due at a moment; one that cannot be ended is tried again. */
    void endDue(Instant now) {
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(
                UsernamePasswordAuthenticationToken.authenticated(
                        "Sealpost",
                        null,
                        AuthorityUtils.createAuthorityList("policies:write", "settings:write")));
        var before = SecurityContextHolder.getContext();
        SecurityContextHolder.setContext(context);
        try {
            for (RelaxationRows.Row row : rows.due(now)) {
                end(row.relaxation());
            }
        } finally {
            SecurityContextHolder.setContext(before);
        }
    }

    private void end(Relaxation relaxation) {
        try {
            relaxations.end(relaxation.id());
        } catch (RuntimeException e) {
            LOG.error(
                    "the rule for {} could not be put back to {}; it asks for {} only until it can be",
                    relaxation.nextHop(),
                    relaxation.usualLevel(),
                    relaxation.level(),
                    e);
        }
    }

    private void tick() {
        try {
            endDue(clock.instant());
        } catch (RuntimeException e) {
            LOG.error("relaxed rules cannot be looked at; trying again", e);
        }
    }

    @Override
    public void start() {
        tick();
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("relaxations").factory());
        var _ =
                started.scheduleWithFixedDelay(
                        this::tick, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        timer = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService started = timer;
        timer = null;
        if (started != null) {
            started.shutdown(); // an interrupt within H2 would close the database
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}

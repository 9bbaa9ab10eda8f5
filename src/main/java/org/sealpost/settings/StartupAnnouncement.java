package org.sealpost.settings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Tells the administrator's terminal what runs where. */
@Component
class StartupAnnouncement {

    private static final Logger LOG = LoggerFactory.getLogger(StartupAnnouncement.class);

    private final SealpostHome home;
    private final StartupNotes notes;
    private final Environment environment;

    StartupAnnouncement(SealpostHome home, StartupNotes notes, Environment environment) {
        this.home = home;
        this.notes = notes;
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void announce() {
        String port = environment.getProperty("local.server.port", "none");
        String address = environment.getProperty("server.address", "127.0.0.1");
        String scheme = environment.containsProperty("server.ssl.bundle") ? "https" : "http";
        LOG.info("Sealpost is ready: console and API at {}://{}:{}", scheme, address, port);
        LOG.info("data in {}", home);
        notes.drain().forEach(line -> LOG.info("{}", line));
    }
}

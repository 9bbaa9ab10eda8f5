package org.sealpost.settings;

import java.util.List;
import java.util.Optional;
import org.sealpost.settings.ConfigurationFiles.Restoration;
import org.sealpost.settings.events.ConfigurationChanged;
import org.sealpost.settings.events.ConfigurationChanged.Action;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Fills the database on the first start, before any listener opens, and refuses to start on a home
 * that has lost its configuration: bootstrapping such a home again would deliver its spool under
 * default rules.
 */
@Component
class Bootstrap implements SmartLifecycle {

    static final int PHASE = -1000;

    private final SealpostHome home;
    private final BootstrapProperties properties;
    private final Settings settings;
    private final ObjectProvider<BootstrapStep> steps;
    private final TransactionTemplate transaction;
    private final StartupNotes notes;
    private final ConfigurationFiles files;
    private final ApplicationEventPublisher events;
    private volatile boolean running;

    Bootstrap(
            SealpostHome home,
            BootstrapProperties properties,
            Settings settings,
            ObjectProvider<BootstrapStep> steps,
            TransactionTemplate transaction,
            StartupNotes notes,
            ConfigurationFiles files,
            ApplicationEventPublisher events) {
        this.home = home;
        this.properties = properties;
        this.settings = settings;
        this.steps = steps;
        this.transaction = transaction;
        this.notes = notes;
        this.files = files;
        this.events = events;
    }

    @Override
    public void start() {
        if (settings.isEmpty()) {
            if (!home.isFirstStart()) {
                throw new StartupRefused(
                        "The data folder "
                                + home
                                + " was used before but its database holds no configuration.",
                        "Restore the folder db from your backup. To begin anew without its mail,"
                                + " choose another sealpost.home.");
            }
            List<String> lines =
                    transaction.execute(status ->
                            steps.orderedStream()
                                    .map(step -> step.seed(properties))
                                    .flatMap(Optional::stream)
                                    .toList());
            notes.addAll(lines);
        }
        files.restoration().ifPresent(this::tell);
        running = true;
    }

    private void tell(Restoration restoration) {
        notes.add(restoration.reason() + " " + restoration.result());
        transaction.executeWithoutResult(status ->
                events.publishEvent(
                        new ConfigurationChanged(
                                "configuration", "snapshot", Action.RESTORED, null, restoration)));
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}

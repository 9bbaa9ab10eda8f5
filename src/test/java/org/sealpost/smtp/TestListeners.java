package org.sealpost.smtp;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.sealpost.account.SubmissionAccounts;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.Settings;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Starts more listeners beside those of the running Sealpost, with limits a test can reach. */
final class TestListeners {

    private TestListeners() {}

    static RunningListener start(
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            String name,
            String level,
            ListenerSettings.Limits limits)
            throws IOException {
        var listener = new ListenerSettings(name, 0, "127.0.0.1", level, false, false, limits);
        var tls = new ServerTls(sealpost.getBean(ServerIdentities.class), List::of);
        var commands =
                new Commands(
                        listener,
                        sealpost.getBean(Settings.class),
                        sealpost.getBean(MailQueue.class),
                        sealpost.getBean(SubmissionAccounts.class),
                        tls);
        var running =
                new RunningListener(
                        listener,
                        0,
                        sealpost.getBean(Settings.class),
                        commands,
                        tls,
                        events,
                        sealpost.getBean(Clock.class));
        running.start();
        return running;
    }
}

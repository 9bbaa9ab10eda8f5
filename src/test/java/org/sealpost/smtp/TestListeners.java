package org.sealpost.smtp;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.sealpost.account.SubmissionAccounts;
import org.sealpost.certificate.ServerIdentities;
import org.sealpost.certificate.TrustedCertificates;
import org.sealpost.queue.MailQueue;
import org.sealpost.settings.Settings;
import org.sealpost.tls.SessionDetail;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Starts more listeners beside those of the running Sealpost, with limits a test can reach. */
final class TestListeners {

    private TestListeners() {}

    /** A listener whose clients in a network are proxies. */
    static ListenerSettings behindProxy(String network) {
        return behindProxy(network, false, ListenerSettings.Limits.STANDARD);
    }

    static ListenerSettings behindProxy(
            String network, boolean implicitTls, ListenerSettings.Limits limits) {
        var document =
                ListenerSettings.standard(
                        "proxied", 0, "127.0.0.1", "may", implicitTls, false, limits);
        return new ListenerSettings(
                document.name(),
                0,
                document.address(),
                document.level(),
                implicitTls,
                document.certificateIds(),
                document.protocols(),
                document.ciphers(),
                document.clientCertificate(),
                document.authRequired(),
                document.excludeCiphers(),
                document.groups(),
                document.receivedTlsHeader(),
                document.sessionCacheSeconds(),
                document.logLevel(),
                List.of(network),
                document.clientCertificateRelay(),
                document.limits());
    }

    static RunningListener start(
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            String name,
            String level,
            ListenerSettings.Limits limits)
            throws IOException {
        return start(
                sealpost,
                events,
                ListenerSettings.standard(name, 0, "127.0.0.1", level, false, false, limits));
    }

    static RunningListener start(
            BeanFactory sealpost, ApplicationEventPublisher events, ListenerSettings listener)
            throws IOException {
        return start(sealpost, events, listener, sealpost.getBean(MailQueue.class));
    }

    /** With another destination. */
    static RunningListener start(
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            ListenerSettings listener,
            MailQueue queue)
            throws IOException {
        return start(sealpost, events, listener, queue, sealpost.getBean(Clock.class));
    }

    /** With another clock. */
    static RunningListener start(
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            ListenerSettings listener,
            Clock clock)
            throws IOException {
        return start(sealpost, events, listener, sealpost.getBean(MailQueue.class), clock);
    }

    private static RunningListener start(
            BeanFactory sealpost,
            ApplicationEventPublisher events,
            ListenerSettings listener,
            MailQueue queue,
            Clock clock)
            throws IOException {
        var settings = sealpost.getBean(Settings.class);
        var running =
                new RunningListener(
                        listener,
                        0,
                        settings,
                        new Commands(settings, queue, sealpost.getBean(SubmissionAccounts.class)),
                        new ServerTls(
                                sealpost.getBean(ServerIdentities.class),
                                sealpost.getBean(TrustedCertificates.class),
                                clock),
                        sealpost.getBean(SessionDetail.class),
                        events,
                        clock);
        running.start();
        return running;
    }
}

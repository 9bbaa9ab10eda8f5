package org.sealpost.demo;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The clinic sends one message after another to its partners, over SMTPS. Partners whose mail waits
 * get few, so that the queue stays readable.
 */
@Component
@Profile("demo")
class DemoTraffic implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DemoTraffic.class);
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int ROUNDS_BETWEEN_WAITING = 20;

    private final int smtpsPort;
    private final Duration every;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("demo-traffic").factory());
    private @Nullable SSLSocketFactory sockets;
    private int sent;

    DemoTraffic(
            @Value("${sealpost.bootstrap.smtps-port:2465}") int smtpsPort,
            @Value("${sealpost.demo.every}") Duration every) {
        this.smtpsPort = smtpsPort;
        this.every = every;
    }

    /**
     * Begins to send.
     *
     * @param serverCertificate what the listener presents, as PEM
     */
    void start(String serverCertificate) throws GeneralSecurityException, IOException {
        sockets = trusting(serverCertificate).getSocketFactory();
        var _ =
                clock.scheduleWithFixedDelay(
                        this::sendNext, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sendNext() {
        List<Partner> receivers = Partner.receivers();
        Partner partner = receivers.get(sent % receivers.size());
        int round = sent / receivers.size();
        sent++;
        if (partner.fails() && round % ROUNDS_BETWEEN_WAITING > 0) {
            return;
        }
        try {
            send("office@" + partner.domain());
        } catch (IOException e) {
            LOG.warn("demo: a message for {} was not taken: {}", partner.domain(), e.getMessage());
        }
    }

    private void send(String recipient) throws IOException {
        try (var socket =
                (SSLSocket) requireNonNull(sockets).createSocket("127.0.0.1", smtpsPort)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.3"});
            socket.setSoTimeout(PATIENCE_MILLIS);
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            expect(in, "220");
            for (String[] step :
                    new String[][] {
                        {"EHLO ward.clinic.example", "250"},
                        {"MAIL FROM:<ward@clinic.example>", "250"},
                        {"RCPT TO:<" + recipient + ">", "250"},
                        {"DATA", "354"},
                        {message(recipient), "250"},
                        {"QUIT", "221"}
                    }) {
                out.write((step[0] + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
                expect(in, step[1]);
            }
        }
    }

    private String message(String recipient) {
        return String.join(
                "\r\n",
                "From: Ward <ward@clinic.example>",
                "To: <" + recipient + ">",
                "Subject: Demo message " + sent,
                "Message-ID: <demo-" + sent + "@clinic.example>",
                "",
                "This message was made by the profile demo.",
                ".");
    }

    private static SSLContext trusting(String pem) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "relay",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        var managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static void expect(BufferedReader in, String code) throws IOException {
        String line = in.readLine();
        while (line != null && line.startsWith("-", 3)) {
            line = in.readLine();
        }
        if (line == null || !line.startsWith(code)) {
            throw new IOException("wanted " + code + ", got " + line);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}

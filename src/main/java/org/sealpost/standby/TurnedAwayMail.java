package org.sealpost.standby;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.SealpostHome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * Listens where the first start would, and asks every sender for patience. It has no certificate,
 * so a client of implicit TLS fails and tries again later, too.
 */
final class TurnedAwayMail implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TurnedAwayMail.class);
    private static final int MOST_AT_ONCE = 200;
    private static final int MOST_COMMANDS = 100;
    private static final int LONGEST_LINE = 4_096;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final long NEXT_TRY_SECONDS = 10;
    private static final String LATER =
            "451 4.3.0 Local configuration problem, please try again later";

    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<ServerSocket> sockets = new CopyOnWriteArrayList<>();
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final Semaphore stop = new Semaphore(0);
    private volatile boolean running;

    /**
     * @param locked nobody else may listen for this home
     */
    TurnedAwayMail(SealpostHome locked, BootstrapProperties properties, Environment environment) {
        LOG.debug("standing by for {}", locked);
        add(environment, "smtp", properties.bindAddress(), properties.smtpPort());
        add(environment, "smtps", properties.bindAddress(), properties.smtpsPort());
        add(environment, "submission", properties.bindAddress(), properties.submissionPort());
    }

    private void add(Environment environment, String name, @Nullable String address, int given) {
        int port = environment.getProperty("sealpost.node." + name + "-port", Integer.class, given);
        if (port > 0) {
            addresses.add(
                    address == null
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(address, port));
        }
    }

    @Override
    public void start() {
        running = true;
        for (InetSocketAddress address : addresses) {
            Thread.ofVirtual().name("standby-", 0).start(() -> listen(address));
        }
    }

    private void listen(InetSocketAddress address) {
        while (running) {
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(address);
                sockets.add(socket);
                while (running) {
                    Socket client = socket.accept();
                    Thread.ofVirtual().start(() -> turnAway(client));
                }
            } catch (IOException e) {
                if (running) {
                    LOG.error(
                            "cannot listen on {}: {}; trying again in {} s",
                            address,
                            e.getMessage(),
                            NEXT_TRY_SECONDS);
                    pause();
                }
            }
        }
    }

    private void pause() {
        try {
            if (stop.tryAcquire(NEXT_TRY_SECONDS, TimeUnit.SECONDS)) {
                stop.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turnAway(Socket client) {
        if (!free.tryAcquire()) {
            close(client);
            return;
        }
        try (client) {
            client.setSoTimeout(PATIENCE_MILLIS);
            converse(new BufferedInputStream(client.getInputStream()), client.getOutputStream());
        } catch (IOException gone) {
            LOG.debug("a client went away: {}", gone.toString());
        } finally {
            free.release();
        }
    }

    private static void converse(InputStream in, OutputStream out) throws IOException {
        reply(out, "220 ESMTP Sealpost");
        for (int i = 0; i < MOST_COMMANDS; i++) {
            String line = line(in);
            if (line == null) {
                return;
            }
            String verb = line.strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO", "HELO" -> reply(out, "250 Sealpost");
                case "NOOP", "RSET" -> reply(out, "250 2.0.0 Ok");
                case "QUIT" -> {
                    reply(out, "221 2.0.0 Bye");
                    return;
                }
                default -> reply(out, LATER);
            }
        }
        reply(out, "421 4.3.0 Too many commands");
    }

    private static void reply(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                return line.toString();
            }
            if (line.length() >= LONGEST_LINE) {
                return null;
            }
            line.append((char) octet);
        }
        return null;
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.debug("closing failed: {}", e.toString());
        }
    }

    @Override
    public void stop() {
        running = false;
        stop.release();
        sockets.forEach(TurnedAwayMail::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}

package org.sealpost.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sealpost.settings.SealpostHome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Looks for the file {@code sealpost.home/reset-password}, by which somebody on the machine asks
 * for a one-time password of the user named in it; the answer is beside it, readable by its owner
 * only.
 *
 * <p>Only the service's own user can write into that folder, and who can could read the master key
 * as well. So the file proves enough; and it works whether Sealpost runs or is started later.
 */
@Component
class ResetRequests implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ResetRequests.class);
    private static final int PERIOD_SECONDS = 2;
    private static final int LONGEST_NAME = 200;

    private final PasswordReset reset;
    private final Path request;
    private final Path answer;
    private volatile @Nullable ScheduledExecutorService schedule;
    private @Nullable FileTime failed;

    ResetRequests(PasswordReset reset, SealpostHome home) {
        this.reset = reset;
        this.request = home.resolve("reset-password");
        this.answer = home.resolve("reset-password.answer");
    }

    /** Serves a request if there is one. */
    synchronized void look() {
        try {
            Optional<BasicFileAttributes> found = attributes();
            if (found.isEmpty()
                    || found.get().size() == 0 // not written yet
                    || found.get().lastModifiedTime().equals(failed)) {
                return;
            }
            failed = found.get().lastModifiedTime(); // until it is served
            if (!found.get().isRegularFile() || found.get().size() > LONGEST_NAME) {
                LOG.error("{} is no file with a user's name in it; remove it", request);
                return;
            }
            serve(Files.readString(request, StandardCharsets.UTF_8).strip());
            Files.delete(request);
            failed = null;
        } catch (IOException | RuntimeException e) {
            LOG.error("{} could not be served; write it again to try again", request, e);
        }
    }

    private void serve(String username) throws IOException {
        Path fresh =
                Files.createTempFile(
                        answer.toAbsolutePath().getParent(),
                        "reset-password",
                        ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Optional<String> password = reset.reset(username);
        Files.writeString(
                fresh,
                password.map(text -> text + "\n").orElse("There is no user " + username + ".\n"));
        Files.move(fresh, answer, StandardCopyOption.ATOMIC_MOVE);
        if (password.isPresent()) {
            LOG.warn(
                    "the password of {} was reset from the machine; it is in {}", username, answer);
        }
    }

    private Optional<BasicFileAttributes> attributes() throws IOException {
        return Files.exists(request, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(
                        Files.readAttributes(
                                request, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS))
                : Optional.empty();
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("password-reset").factory());
        var _ = started.scheduleWithFixedDelay(this::look, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
        schedule = started;
    }

    @Override
    public void stop() {
        ScheduledExecutorService started = schedule;
        schedule = null;
        if (started != null) {
            started.shutdown(); // an interrupt within H2 would close the database
        }
    }

    @Override
    public boolean isRunning() {
        return schedule != null;
    }
}

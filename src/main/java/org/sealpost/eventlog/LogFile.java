package org.sealpost.eventlog;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.sealpost.eventlog.LogProperties.Format;
import org.sealpost.settings.SealpostHome;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.stereotype.Component;

/**
 * Writes all that is logged into {@code log/mail.log} of the home, too. It is opened here and not
 * by the logging system, because no file may be touched before the home is known to be ours.
 */
@Component
class LogFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogFile.class);

    /**
     * As syslog writes it, in the machine's own time, as the other logs beside it; the names of
     * months are English whatever the machine speaks.
     */
    private static final String PREFIX =
            "%d{MMM ppd HH:mm:ss," + TimeZone.getDefault().getID() + ",en} ${HOSTNAME} ";

    /** A word in front of what is wrong, as Postfix has it. */
    private static final String LEVEL =
            "%replace(%replace(%replace(%level){'INFO|DEBUG|TRACE',''}){'WARN','warning: '})"
                    + "{'ERROR','error: '}";

    private final @Nullable RollingFileAppender<ILoggingEvent> appender;

    LogFile(LogProperties properties, SealpostHome home) {
        this.appender =
                properties.format() == Format.OFF
                        ? null
                        : open(properties, home.resolve("log").resolve("mail.log"));
    }

    private static @Nullable RollingFileAppender<ILoggingEvent> open(
            LogProperties properties, Path file) {
        ILoggerFactory loggers = LoggerFactory.getILoggerFactory();
        if (!(loggers instanceof LoggerContext context)) {
            LOG.warn("there is no log file: something else than Logback does the logging");
            return null;
        }
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            LOG.error("there is no log file: the folder {} cannot be made", file.getParent(), e);
            return null;
        }
        var appender = new RollingFileAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("mail-log-" + file);
        appender.setFile(file.toString());
        appender.setEncoder(encoder(context, properties.format()));
        var rolling = new SizeAndTimeBasedRollingPolicy<ILoggingEvent>();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file + ".%d{yyyy-MM-dd}.%i.gz");
        rolling.setMaxFileSize(new FileSize(properties.maxFileSize().toBytes()));
        rolling.setMaxHistory(properties.keepDays());
        rolling.setTotalSizeCap(new FileSize(properties.totalSize().toBytes()));
        rolling.start();
        appender.setRollingPolicy(rolling);
        appender.start();
        if (!appender.isStarted()) {
            LOG.error("there is no log file: {} cannot be written", file);
            return null;
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
        if (format == Format.ECS) {
            var json = new StructuredLogEncoder();
            json.setContext(context);
            json.setFormat("ecs");
            json.start();
            return json;
        }
        var lines = new PatternLayoutEncoder();
        lines.setContext(context);
        lines.setPattern(
                PREFIX.replace("${HOSTNAME}", String.valueOf(context.getProperty("HOSTNAME")))
                        + "sealpost/%logger{0}["
                        + ProcessHandle.current().pid()
                        + "]: "
                        + LEVEL
                        + "%m%n");
        lines.start();
        return lines;
    }

    @Override
    public void close() {
        RollingFileAppender<ILoggingEvent> open = appender;
        if (open != null && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(open);
            open.stop();
        }
    }
}

package org.sealpost.eventlog;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The log file {@code log/mail.log} in the home.
 *
 * @param format {@code postfix} for lines as Postfix's, {@code ecs} for JSON in Elastic's schema,
 *     {@code off} for no file
 * @param maxFileSize a larger file is closed, packed and begun anew, as each day's is
 * @param keepDays older files are deleted
 * @param totalSize the oldest files are deleted while all of them are larger than this
 */
@ConfigurationProperties("sealpost.log")
record LogProperties(
        @DefaultValue("postfix") Format format,
        @DefaultValue("50MB") DataSize maxFileSize,
        @DefaultValue("30") int keepDays,
        @DefaultValue("2GB") DataSize totalSize) {

    enum Format {
        POSTFIX,
        ECS,
        OFF
    }
}

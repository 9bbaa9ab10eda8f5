package org.sealpost.queue;

import java.util.List;
import org.sealpost.settings.StartupRefused;
import org.springframework.jdbc.core.JdbcTemplate;

/** Makes sure that the server forces what it commits: nobody may be told 250 otherwise. */
final class PostgresSafety {

    private PostgresSafety() {}

    /**
     * @throws StartupRefused when one of the settings is off
     */
    static void require(JdbcTemplate jdbc) {
        List<String> off =
                jdbc.query(
                        "select name from pg_settings where name in ('fsync', 'full_page_writes',"
                                + " 'synchronous_commit') and setting = 'off' order by name",
                        (row, number) -> row.getString(1));
        if (!off.isEmpty()) {
            throw new StartupRefused(
                    "The PostgreSQL server runs with "
                            + String.join(", ", off)
                            + " off, so accepted mail would not survive a power cut.",
                    "Switch it on in postgresql.conf, or for this user and database.");
        }
    }
}

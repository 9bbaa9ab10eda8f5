package org.sealpost.settings;

import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.Location;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.stereotype.Component;

/**
 * Adds what only PostgreSQL needs. Spring's own {@code {vendor}} would open the database to ask
 * what it is, before a damaged one can be moved aside.
 */
@Component
class PostgresMigrations implements FlywayConfigurationCustomizer {

    private final String url;

    PostgresMigrations(@Value("${spring.datasource.url}") String url) {
        this.url = url;
    }

    @Override
    public void customize(FluentConfiguration configuration) {
        if (url.startsWith("jdbc:postgresql:")) {
            List<String> locations = new ArrayList<>();
            for (Location location : configuration.getLocations()) {
                locations.add(location.getDescriptor());
            }
            locations.add("classpath:db/migration/postgresql");
            configuration.locations(locations.toArray(String[]::new));
        }
    }
}

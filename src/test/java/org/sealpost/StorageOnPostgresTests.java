package org.sealpost;

import org.sealpost.testing.Database;
import org.sealpost.testing.RunningSealpost;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The database of several nodes; a Sealpost of its own that nobody else needs afterwards. */
@RunningSealpost
@DirtiesContext
class StorageOnPostgresTests extends StorageContract {

    StorageOnPostgresTests(BeanFactory sealpost) {
        super(sealpost);
    }

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        String url = Database.POSTGRESQL.create();
        registry.add("spring.datasource.url", () -> url);
        registry.add("spring.datasource.username", () -> "postgres");
        registry.add("spring.datasource.password", () -> "");
    }
}

package org.sealpost.settings;

import java.nio.file.Path;
import java.util.Map;
import org.sealpost.settings.snapshot.ConfigurationStart;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/** Opens {@code sealpost.home} before anything else, since the database lives in it. */
public class HomeInitializer
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var environment = context.getEnvironment();
        var home = SealpostHome.open(Path.of(environment.getRequiredProperty("sealpost.home")));
        environment
                .getPropertySources()
                .addFirst(
                        new MapPropertySource(
                                "sealpost-home", Map.of("sealpost.home", home.toString())));
        var beans = (DefaultListableBeanFactory) context.getBeanFactory();
        beans.registerSingleton("sealpostHome", home);
        beans.registerDisposableBean("sealpostHome", home::close);
        beans.registerSingleton("configurationStart", configuration(home, environment));
    }

    private static ConfigurationStart configuration(SealpostHome home, Environment environment) {
        try {
            return ConfigurationStart.of(
                    home,
                    environment.getRequiredProperty("spring.datasource.url"),
                    environment.getProperty("spring.datasource.username", ""),
                    environment.getProperty("spring.datasource.password", ""));
        } catch (StartupRefused refused) {
            home.release();
            throw refused;
        }
    }
}

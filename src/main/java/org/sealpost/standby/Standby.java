package org.sealpost.standby;

import java.nio.file.Path;
import org.sealpost.settings.BootstrapProperties;
import org.sealpost.settings.ConfigurationLost;
import org.sealpost.settings.HomeInitializer;
import org.sealpost.settings.SealpostHome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * A program of its own, so that no part of the relay is there to do something wrong. It bears no
 * stereotype: the relay must not find it.
 */
@ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    SslAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class
})
@EnableConfigurationProperties(BootstrapProperties.class)
public class Standby {

    private static final Logger LOG = LoggerFactory.getLogger(Standby.class);

    /** Starts it with the arguments Sealpost was started with. */
    public static ConfigurableApplicationContext run(ConfigurationLost lost, String... arguments) {
        var application = new SpringApplication(Standby.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setInitializers(
                application.getInitializers().stream()
                        .filter(initializer -> !(initializer instanceof HomeInitializer))
                        .toList());
        application.addInitializers(
                context -> context.getBeanFactory().registerSingleton("configurationLost", lost));
        ConfigurableApplicationContext running = application.run(arguments);
        LOG.error(
                "Nothing is delivered and no mail is accepted. {} {}",
                lost.explain(),
                lost.remedy());
        return running;
    }

    @Bean
    SealpostHome sealpostHome(Environment environment) {
        return SealpostHome.open(Path.of(environment.getRequiredProperty("sealpost.home")));
    }

    @Bean
    ServletRegistrationBean<LostPage> page(ConfigurationLost lost) {
        return new ServletRegistrationBean<>(new LostPage(lost), "/*");
    }

    @Bean
    TurnedAwayMail turnedAwayMail(
            SealpostHome lockedFirst, BootstrapProperties properties, Environment environment) {
        return new TurnedAwayMail(lockedFirst, properties, environment);
    }
}

package org.sealpost.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.TestConstructor;

/** The whole of Sealpost on free ports of 127.0.0.1, shared by all tests that bear this. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "sealpost.bootstrap.admin-password=Correct-Horse-9",
            "sealpost.bootstrap.hostname=relay.example.test",
            "sealpost.bootstrap.bind-address=127.0.0.1",
            "sealpost.bootstrap.first-retry=1s",
            "sealpost.node.smtp-port=0",
            "sealpost.node.smtps-port=0",
            "sealpost.node.submission-port=0"
        })
@TestConstructor(autowireMode = TestConstructor.AutowireMode.ALL)
public @interface RunningSealpost {}

package org.sealpost.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.support.GenericApplicationContext;

class ConsoleAddressCheckTests {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, none,                             true",
        "::1,       none,                             true",
        "0.0.0.0,   none,                             false",
        "192.0.2.1, none,                             false",
        "0.0.0.0,   server.ssl.bundle,                true",
        "0.0.0.0,   sealpost.console.allow-cleartext, true"
    })
    void offersClearTextToThisMachineOnly(String address, String property, boolean starts) {
        try (var context = new GenericApplicationContext()) {
            TestPropertyValues.of("server.address=" + address, property + "=true").applyTo(context);

            Throwable refused = catchThrowable(() -> new ConsoleAddressCheck().initialize(context));

            assertThat(refused == null).isEqualTo(starts);
            if (refused != null) {
                assertThat(refused)
                        .isInstanceOf(StartupRefused.class)
                        .hasMessageContaining(address);
            }
        }
    }
}

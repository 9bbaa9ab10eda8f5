package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.mail.MailAddress;
import org.sealpost.settings.RelaySettings;

class RelayPermissionTests {

    private static final RelaySettings SETTINGS =
            new RelaySettings(
                    List.of("127.0.0.0/8", "2001:db8::/32"),
                    List.of("own.example", ".sub.example"));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,    -,    b@any.example,                    true",
        "2001:db8::9,  -,    b@any.example,                    true",
        "192.0.2.1,    -,    b@any.example,                    false",
        "192.0.2.1,    user, b@any.example,                    true",
        "192.0.2.1,    -,    b@own.example,                    true",
        "192.0.2.1,    -,    b@OWN.example,                    true",
        "192.0.2.1,    -,    b@x.own.example,                  false",
        "192.0.2.1,    -,    b@a.b.sub.example,                true",
        "192.0.2.1,    -,    b@sub.example,                    false",
        "192.0.2.1,    -,    b%any.example@own.example,        false",
        "192.0.2.1,    -,    any.example!b@own.example,        false",
        "192.0.2.1,    -,    '\"b@any.example\"@own.example',  false",
        "192.0.2.1,    -,    b@[127.0.0.1],                    false"
    })
    void decides(String client, String user, String recipient, boolean allowed) {
        assertThat(
                        RelayPermission.mayRelay(
                                SETTINGS,
                                InetAddress.ofLiteral(client),
                                user.equals("-") ? null : user,
                                MailAddress.parse(recipient).orElseThrow()))
                .isEqualTo(allowed);
    }
}

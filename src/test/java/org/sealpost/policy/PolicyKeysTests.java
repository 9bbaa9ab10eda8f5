package org.sealpost.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sealpost.mail.InvalidInput;
import org.sealpost.mail.NextHop;

/** Keys as Postfix looks them up: verbatim, and parents only of a plain host name. */
class PolicyKeysTests {

    @ParameterizedTest
    @CsvSource({
        "a.b.example.com,      'a.b.example.com .b.example.com .example.com .com'",
        "example.com,          'example.com .com'",
        "EXAMPLE.com,          'example.com .com'",
        "localhost,            'localhost'",
        "1.2.example,          '1.2.example .2.example .example'",
        "[a.example.com],      '[a.example.com]'",
        "a.example.com:25,     'a.example.com:25'",
        "[a.example.com]:25,   '[a.example.com]:25'",
        "a.example.com:SMTP,   'a.example.com:smtp'",
        "[192.0.2.1],          '[192.0.2.1]'",
        "[2001:DB8::1]:587,    '[2001:db8::1]:587'",
        "bücher.example,       'xn--bcher-kva.example .example'",
        "XN--BCHER-KVA.example,'xn--bcher-kva.example .example'"
    })
    void areTriedInOrder(String nextHop, String keys) {
        assertThat(NextHop.parse(nextHop).orElseThrow().lookupKeys())
                .isEqualTo(List.of(keys.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({
        "Example.COM,       example.com",
        ".Example.COM,      .example.com",
        ".bücher.example,   .xn--bcher-kva.example",
        "[Mx.example.com],  [mx.example.com]",
        "example.com:25,    example.com:25",
        "[192.0.2.1]:25,    [192.0.2.1]:25"
    })
    void areStoredInOneForm(String written, String key) {
        assertThat(PolicyCheck.key(written)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com.",
                "..example.com",
                ".",
                "*",
                "192.0.2.1",
                "1234",
                "/var/spool/private/lmtp",
                "unix:private/lmtp",
                ".example.com:25",
                "[example.com",
                "example.com]",
                "[]",
                "example.com:0",
                "example.com:99999",
                "a b.example",
                "a@example.com"
            })
    void thatNoLookUpFindsAreRefused(String written) {
        assertThatThrownBy(() -> PolicyCheck.key(written)).isInstanceOf(InvalidInput.class);
    }
}

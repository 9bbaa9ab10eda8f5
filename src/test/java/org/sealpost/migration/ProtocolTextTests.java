package org.sealpost.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolTextTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                       | >=TLSv1.2          | false",
                "!SSLv2                   | >=TLSv1.2          | false",
                "!SSLv2, !SSLv3 !TLSv1    | >=TLSv1.2          | false",
                "!SSLv2:!TLSv1.3          | >=TLSv1.2:!SSLv2:!TLSv1.3 | false",
                "<=TLSv1.2                | >=TLSv1.2:<=TLSv1.2 | false",
                ">=TLSv1                  | >=TLSv1.2          | false",
                ">=TLSv1.2                | >=TLSv1.2          | false",
                ">=tlsv1.3                | >=tlsv1.3          | false",
                "TLSv1.2                  | TLSv1.2            | false",
                "TLSv1.2 TLSv1.3          | >=TLSv1.2          | false",
                "TLSv1                    | >=TLSv1.2          | true",
                "SSLv3, TLSv1             | >=TLSv1.2          | true",
                "<=TLSv1.1                | >=TLSv1.2          | true",
                "!TLSv1.2:!TLSv1.3        | >=TLSv1.2          | true",
                "TLSv9                    | TLSv9              | false",
                ">= TLSv1.2               | >= TLSv1.2         | false"
            })
    void oldVersionsAreNeitherKeptNorALimit(String written, String text, boolean obsolete) {
        assertThat(ProtocolText.of(written)).isEqualTo(new ProtocolText(text, obsolete));
    }
}

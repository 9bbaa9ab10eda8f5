package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class InternalAddressesTests {

    @ParameterizedTest
    @CsvFileSource(
            resources = "/delivery/internal-addresses.csv",
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true)
    void areWhatTheTableSays(String address, @Nullable String kind) {
        assertThat(InternalAddresses.whatIs(InetAddress.ofLiteral(address)).orElse(null))
                .isEqualTo(kind);
    }
}

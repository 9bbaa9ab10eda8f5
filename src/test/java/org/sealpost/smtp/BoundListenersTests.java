package org.sealpost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundListenersTests {

    private final BoundListeners listeners = new BoundListeners();

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0,   127.0.0.1, 2525, true",
        "0.0.0.0,   ::1,       2525, true",
        "::,        127.0.0.9, 2525, true",
        "0.0.0.0,   0.0.0.0,   2525, true",
        "0.0.0.0,   127.0.0.1, 25,   false",
        "0.0.0.0,   192.0.2.1, 2525, false",
        "127.0.0.1, 127.0.0.1, 2525, true",
        "127.0.0.1, 127.0.0.2, 2525, false"
    })
    void aConnectionThatWouldComeBackIsKnown(
            String bound, String address, int port, boolean comesBack) {
        listeners.are(List.of(new InetSocketAddress(InetAddress.ofLiteral(bound), 2525)));

        assertThat(listeners.contains(InetAddress.ofLiteral(address), port)).isEqualTo(comesBack);
    }

    @Test
    void everyAddressOfThisMachineComesBack() throws Exception {
        listeners.are(List.of(new InetSocketAddress(2525)));

        List<InetAddress> own =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .toList();

        assertThat(own).isNotEmpty();
        for (InetAddress address : own) {
            var asDnsHasIt = InetAddress.getByAddress(address.getAddress());
            assertThat(listeners.contains(asDnsHasIt, 2525)).as(address.toString()).isTrue();
        }
        listeners.are(List.of());
        assertThat(listeners.contains(InetAddress.getLoopbackAddress(), 2525)).isFalse();
    }
}

package org.sealpost.selftest;

import java.net.InetAddress;
import org.sealpost.delivery.ServerLooks.Visitor;
import org.sealpost.mail.AddressLiteral;
import org.sealpost.mail.NextHop;
import org.sealpost.smtp.Listeners.ListenerState;
import org.sealpost.tls.TlsPeer;

/**
 * One of our listeners as a client finds it.
 *
 * @param hostname the name it is asked for
 * @param address where it can be reached from this machine
 * @param visitor has every connection to it, so that the end of the test ends them
 */
record OwnListener(ListenerState state, String hostname, InetAddress address, Visitor visitor) {

    static OwnListener of(ListenerState state, String hostname, Visitor visitor) {
        String bound = state.settings().address();
        return new OwnListener(
                state,
                hostname,
                bound == null
                        ? InetAddress.getLoopbackAddress()
                        : AddressLiteral.parse(bound)
                                .filter(known -> !known.isAnyLocalAddress())
                                .orElseGet(InetAddress::getLoopbackAddress),
                visitor);
    }

    int port() {
        return state.boundPort();
    }

    boolean implicit() {
        return state.settings().implicitTls();
    }

    TlsPeer peer() {
        return new TlsPeer(hostname, address.getHostAddress(), port());
    }

    NextHop nextHop() {
        return NextHop.parse("[" + hostname + "]:" + port()).orElseThrow();
    }
}

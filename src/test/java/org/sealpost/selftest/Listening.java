package org.sealpost.selftest;

import org.sealpost.delivery.ServerLooks.Visitor;
import org.sealpost.smtp.ListenerSettings;
import org.sealpost.smtp.Listeners.ListenerState;
import tools.jackson.databind.json.JsonMapper;

/** Servers of others in the place of one of our listeners. */
final class Listening {

    private Listening() {}

    /** Whatever listens at a port of 127.0.0.1, with TLS from the first byte or by STARTTLS. */
    static OwnListener at(int port, String level, boolean implicit) {
        ListenerSettings settings =
                JsonMapper.builder()
                        .build()
                        .readValue(
                                """
                                {"name":"other","port":1,"level":"%s","implicitTls":%s,
                                "authRequired":false,"address":"127.0.0.1","certificateIds":[],
                                "protocols":">=TLSv1.2","ciphers":"medium","groups":[],
                                "clientCertificate":"none","excludeCiphers":"",
                                "receivedTlsHeader":true,"sessionCacheSeconds":0,"logLevel":1,
                                "proxyPeers":[],"clientCertificateRelay":[]}
                                """
                                        .formatted(level, implicit),
                                ListenerSettings.class);
        return OwnListener.of(
                new ListenerState(settings, port, null), "relay.example.test", new Visitor());
    }
}

package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;

/** Identities are uploaded with their key, handed to TLS by id, and not removed while in use. */
@RunningSealpost
class IdentityUploadTests {

    private final CertificatesClient sealpost;
    private final ClientIdentities clients;
    private final ServerIdentities servers;
    private final TestCa ca = TestCa.create();

    IdentityUploadTests(
            @Value("${local.server.port}") int http,
            ClientIdentities clients,
            ServerIdentities servers) {
        this.sealpost = new CertificatesClient(http);
        this.clients = clients;
        this.servers = servers;
    }

    @AfterEach
    void close() {
        sealpost.close();
    }

    @Test
    void anIdentityIsHandedToTlsByItsId() {
        var partner = ca.leaf("client.example").forClients().issue();
        var changes = new AtomicInteger();
        clients.onChange(changes::incrementAndGet);
        long before = clients.version();

        long id = sealpost.upload("client", ca.pem(), partner.pem()).id();

        KeyIdentity identity = clients.client(id).orElseThrow();
        assertThat(identity.key()).isEqualTo(partner.key());
        assertThat(identity.chain()).containsExactlyElementsOf(partner.chain());
        assertThat(servers.server(id)).as("another purpose").isEmpty();
        assertThat(changes.get()).isPositive();
        assertThat(clients.version()).isGreaterThan(before);

        assertThat(sealpost.delete("/certificates/" + id).status()).isEqualTo(204);
        assertThat(clients.client(id)).isEmpty();
    }

    @Test
    void theSameIdentityAgainIsTheOneThatIsThere() {
        var relay = ca.leaf("again.example").issue();
        long id = sealpost.upload("server", relay.pem()).id();

        var again = sealpost.upload("server", ca.pem(), relay.keyPem(), relay.chainPem());

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.id()).isEqualTo(id);
    }

    @Test
    void aKeyThatBelongsToAnotherCertificateIsRefused() {
        var relay = ca.leaf("mismatch.example").issue();
        var other = ca.leaf("other.example").issue();

        assertThat(sealpost.upload("server", relay.chainPem(), other.keyPem()).problem())
                .contains("belongs to none of the certificates");
        assertThat(sealpost.upload("client", relay.chainPem()).problem())
                .contains("needs its private key");
    }

    @Test
    void anAuthorityWithAPrivateKeyIsRefused() {
        for (String purpose : new String[] {"trust", "anchor", "peer"}) {
            assertThat(sealpost.upload(purpose, ca.leaf("k.example").issue().pem()).problem())
                    .contains("private key");
        }
    }

    @Test
    void theIdentityThatListenersPresentIsNotRemoved() {
        long standard = servers.standard().id();

        var refused = sealpost.delete("/certificates/" + standard);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().at("/detail").asString()).contains("the listeners");
    }
}

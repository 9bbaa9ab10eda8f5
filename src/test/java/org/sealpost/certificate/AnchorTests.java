package org.sealpost.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sealpost.testing.RunningSealpost;
import org.sealpost.testing.SmtpPeer;
import org.sealpost.testing.TestCa;
import org.springframework.beans.factory.annotation.Value;

/** One partner's private authority never vouches for another partner. */
@RunningSealpost
class AnchorTests {

    private final CertificatesClient sealpost;
    private final TestCa own = TestCa.create("Partner A's CA");
    private final TestCa other = TestCa.create("Partner B's CA");
    private final SmtpPeer a = new SmtpPeer();
    private final SmtpPeer b = new SmtpPeer();
    private final List<String> made = new ArrayList<>();

    AnchorTests(@Value("${local.server.port}") int http) throws IOException {
        this.sealpost = new CertificatesClient(http);
    }

    @AfterEach
    void clear() throws IOException {
        made.reversed().forEach(sealpost::delete);
        sealpost.close();
        a.close();
        b.close();
    }

    @Test
    void anAnchorCountsOnlyForTheRuleThatNamesIt() {
        a.offersStarttls(own.leaf("localhost").issue());
        b.offersStarttls(own.leaf("localhost").issue()); // as if A's authority issued for B
        long anchor = upload("anchor", own);
        rule(a, "\"tafile\":[\"%d\"]".formatted(anchor));
        rule(b, "");

        assertThat(chainAt(a)).isEqualTo("pass");
        assertThat(chainAt(b)).isEqualTo("fail");
    }

    @Test
    void aRuleWithAnAnchorTrustsNothingElse() {
        a.offersStarttls(other.leaf("localhost").issue());
        b.offersStarttls(other.leaf("localhost").issue());
        long anchor = upload("anchor", own);
        upload("trust", other);
        rule(a, "\"tafile\":[\"%d\"]".formatted(anchor));
        rule(b, "");

        assertThat(chainAt(a)).isEqualTo("fail");
        assertThat(chainAt(b)).isEqualTo("pass");
    }

    private long upload(String purpose, TestCa ca) {
        long id = sealpost.upload(purpose, ca.pem()).id();
        made.add("/certificates/" + id);
        return id;
    }

    private void rule(SmtpPeer peer, String attributes) {
        long id =
                sealpost.post(
                                "/policies",
                                "{\"nextHop\":\"%s\",\"level\":\"secure\",\"attributes\":{%s}}"
                                        .formatted(peer.nextHop(), attributes))
                        .id();
        made.add("/policies/" + id);
    }

    /** What the judge says of the chain under the next hop's own rule. */
    private String chainAt(SmtpPeer peer) {
        var seen =
                sealpost.post(
                        "/certificates/fetch", "{\"nextHop\":\"%s\"}".formatted(peer.nextHop()));
        return seen.body()
                .at("/rule/checks")
                .valueStream()
                .filter(check -> check.at("/name").asString().equals("chain"))
                .map(check -> check.at("/result").asString())
                .findFirst()
                .orElse("none in " + seen.body());
    }
}

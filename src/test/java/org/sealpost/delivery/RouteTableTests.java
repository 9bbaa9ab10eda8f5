package org.sealpost.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sealpost.delivery.RouteTable.Routed;
import org.sealpost.delivery.Way.Credentials;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.NextHop;

/** Which route a message takes, by sender and recipient. */
class RouteTableTests {

    @ParameterizedTest
    @CsvSource({
        // As transport_maps before sender_dependent_relayhost_maps before relayhost: a route for
        // the
        // recipient's domain beats one for the sender and all other mail.
        "a@corp.example,     b@exact.example,        [exact]",
        "a@corp.example,     b@x.below.example,      [below]",
        "a@corp.example,     b@other.example,        [corp]",
        "A@Corp.Example,     b@other.example,        [corp]",
        "boss@corp.example,  b@other.example,        [boss]",
        "BOSS@corp.example,  b@other.example,        [boss]",
        "a@sub.corp.example, b@other.example,        [all]",
        "a@else.example,     b@other.example,        [all]",
        "a@corp.example,     b@[192.0.2.1],          [corp]",
        // Within one pattern the sender's address wins, then the domain, then everybody's route.
        "boss@corp.example,  b@exact.example,        [boss-exact]",
        // The empty reverse path has a route of its own; the sender of a bounce is nobody.
        ",                   b@other.example,        [bounces]",
        ",                   b@exact.example,        [exact]",
        // A pattern without a route for this sender does not end the search.
        "a@else.example,     b@x.secret.example,     [all]",
        "a@corp.example,     b@x.secret.example,     [secret]"
    })
    void theRouteOfAMessage(@Nullable String sender, String recipient, String wanted) {
        var table = new RouteTable();
        add(table, "*", "", "[all]");
        add(table, "*", "corp.example", "[corp]");
        add(table, "*", "boss@corp.example", "[boss]");
        add(table, "*", "<>", "[bounces]");
        add(table, "exact.example", "", "[exact]");
        add(table, "exact.example", "boss@corp.example", "[boss-exact]");
        add(table, ".below.example", "", "[below]");
        add(table, ".secret.example", "corp.example", "[secret]");

        MailAddress from = sender == null ? null : address(sender);

        assertThat(table.find(SenderPattern.keys(from), address(recipient)).nextHop().text())
                .isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "a@corp.example,       a@corp.example",
        "A.B@Bücher.Example,   a.b@xn--bcher-kva.example",
        "@Corp.Example,        corp.example",
        "corp.example,         corp.example",
        "<>,                   <>",
        "'',                   ''",
        "a b@corp.example,     none",
        "*,                    none",
        "@,                    none"
    })
    void aSenderIsWrittenAsAddressDomainOrEmptyPath(String written, String canonical) {
        assertThat(SenderPattern.parse(written).orElse("none")).isEqualTo(canonical);
    }

    /** Nobody else's password goes to a next hop that somebody chose for a queued message. */
    @Test
    void aChosenNextHopSignsInOnlyWhereThereIsNoDoubtAsWho() {
        var table = new RouteTable();
        var one = new Credentials("one", "secret", null);
        var two = new Credentials("two", "secret", null);
        table.add("a.example", "", new Routed(hop("[relay]"), Way.smtp(one)));
        table.add("b.example", "", new Routed(hop("[only]"), Way.smtp(two)));
        Routed byTable = table.find(SenderPattern.keys(null), address("x@a.example"));

        assertThat(table.to(hop("[only]"), byTable).way().credentials()).isEqualTo(two);
        assertThat(table.to(hop("[new]"), byTable).way().credentials()).isNull();
        table.add("c.example", "", new Routed(hop("[only]"), Way.smtp(one)));
        assertThat(table.to(hop("[only]"), byTable).way().credentials()).isNull();
        assertThat(table.to(hop("[relay]"), byTable).way().credentials()).isEqualTo(one);
    }

    private static void add(RouteTable table, String pattern, String sender, String nextHop) {
        table.add(
                pattern,
                sender,
                new Routed(hop(nextHop), new Way(Way.Protocol.SMTP, null, List.of())));
    }

    private static NextHop hop(String text) {
        return NextHop.parse(text).orElseThrow();
    }

    private static MailAddress address(String text) {
        return MailAddress.parse(text).orElseThrow();
    }
}

package org.sealpost.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.sealpost.mail.DomainName;
import org.sealpost.selftest.SelfTest.Command;
import org.sealpost.tls.NamePattern;
import org.sealpost.tls.Pin;
import org.sealpost.tls.TlsLevel;
import org.sealpost.tls.TlsPeer;
import org.sealpost.tls.TlsRequirement;

/** How to look at the same server with other tools. */
final class CommandLines {

    private CommandLines() {}

    static List<Command> of(TlsRequirement rule, TlsPeer peer) {
        return List.of(
                new Command(
                        "openssl", openssl(rule.isImplicit(peer.port()), peer, sni(rule, peer))),
                new Command("posttls-finger", posttlsFinger(rule, peer)));
    }

    static List<Command> ofListener(OwnListener listener) {
        return List.of(
                new Command(
                        "openssl",
                        openssl(listener.implicit(), listener.peer(), listener.hostname())));
    }

    private static String openssl(boolean implicit, TlsPeer peer, String servername) {
        var words = new ArrayList<>(List.of("openssl", "s_client"));
        if (!implicit) {
            words.addAll(List.of("-starttls", "smtp"));
        }
        String address = peer.address().contains(":") ? "[" + peer.address() + "]" : peer.address();
        words.addAll(List.of("-connect", address + ":" + peer.port()));
        words.addAll(
                isName(servername)
                        ? List.of("-servername", servername, "-showcerts")
                        : List.of("-noservername", "-showcerts"));
        return quoted(words) + " </dev/null";
    }

    private static String posttlsFinger(TlsRequirement rule, TlsPeer peer) {
        TlsLevel level = rule.level();
        var words = new ArrayList<>(List.of("posttls-finger", "-c", "-l", level.word()));
        if (rule.isImplicit(peer.port())) {
            words.add("-w");
        }
        if (level != TlsLevel.NONE && isName(sni(rule, peer))) {
            words.addAll(List.of("-s", sni(rule, peer)));
        }
        if (level == TlsLevel.FINGERPRINT && !rule.pins().isEmpty()) {
            // It takes one digest for all of them.
            String digest = rule.pins().getFirst().fingerprint().digest().word();
            words.addAll(List.of("-d", digest, rule.nextHop().text()));
            rule.pins().stream()
                    .map(Pin::fingerprint)
                    .filter(one -> one.digest().word().equals(digest))
                    .forEach(one -> words.add(one.colonText()));
        } else {
            words.add(rule.nextHop().text());
            if (level.needsTrustedChain()) {
                rule.match().stream().map(NamePattern::text).forEach(words::add);
            }
        }
        return quoted(words);
    }

    /** An address is never sent as a server name (RFC 6066 §3). */
    private static boolean isName(String servername) {
        return DomainName.parse(servername).isPresent();
    }

    private static String sni(TlsRequirement rule, TlsPeer peer) {
        String named = rule.servername();
        return named == null ? peer.host() : named;
    }

    private static String quoted(List<String> words) {
        return words.stream()
                .map(word -> word.matches("[A-Za-z0-9._:/=-]+") ? word : "'" + word + "'")
                .collect(Collectors.joining(" "));
    }
}

package org.sealpost.delivery;

import jakarta.mail.MessagingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.delivery.Way.Credentials;
import org.sealpost.delivery.Way.Mechanism;
import org.sealpost.mail.SmtpReply;

/**
 * Signs in at a server (RFC 4954), once the judge has let the session pass. The transcript shows
 * none of what is sent.
 */
final class SignIn {

    /** Where a route names none; an access token is no password and never sent as one. */
    private static final List<Mechanism> USUAL = List.of(Mechanism.PLAIN, Mechanism.LOGIN);

    private SignIn() {}

    /** The server's last word, or ours when it offers no mechanism that may be used. */
    static SmtpReply over(RelayTransport transport, Credentials credentials)
            throws MessagingException {
        List<String> offered =
                Arrays.asList(transport.offeredMechanisms().toUpperCase(Locale.ROOT).split("\\s+"));
        Mechanism wanted = credentials.mechanism();
        List<Mechanism> allowed = wanted == null ? USUAL : List.of(wanted);
        for (Mechanism one : allowed) {
            if (offered.contains(one.name())) {
                return signIn(transport, credentials, one);
            }
        }
        return notOffered(allowed, transport.offeredMechanisms());
    }

    private static SmtpReply signIn(
            RelayTransport transport, Credentials credentials, Mechanism mechanism)
            throws MessagingException {
        String name = credentials.username();
        String password = credentials.password();
        return switch (mechanism) {
            case PLAIN ->
                    transport.secretCommand("AUTH PLAIN " + base64("\0" + name + "\0" + password));
            case LOGIN -> {
                SmtpReply asked = transport.secretCommand("AUTH LOGIN");
                for (String answer : List.of(name, password)) {
                    if (asked.code() == 334) {
                        asked = transport.secretCommand(base64(answer));
                    }
                }
                yield asked;
            }
            case XOAUTH2 -> {
                String token = "user=" + name + "\1auth=Bearer " + password + "\1\1";
                SmtpReply answer = transport.secretCommand("AUTH XOAUTH2 " + base64(token));
                // A token that is refused is explained first; only then comes the reply.
                yield answer.code() == 334 ? transport.secretCommand("") : answer;
            }
        };
    }

    private static SmtpReply notOffered(List<Mechanism> allowed, @Nullable String offered) {
        return SmtpReply.of(
                454,
                "4.7.0",
                "the server does not offer AUTH "
                        + String.join(" or ", allowed.stream().map(Mechanism::name).toList())
                        + (offered == null || offered.isEmpty() ? "" : ", only " + offered));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

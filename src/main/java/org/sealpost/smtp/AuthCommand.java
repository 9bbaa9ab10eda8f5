package org.sealpost.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.SubmissionAccounts;
import org.sealpost.account.SubmissionCheck;

/** AUTH (RFC 4954) with PLAIN and LOGIN, under TLS only. */
final class AuthCommand extends SmtpCommand {

    private final SubmissionAccounts accounts;

    private record Credentials(String username, String password) {}

    AuthCommand(SubmissionAccounts accounts) {
        super("AUTH");
        this.accounts = accounts;
    }

    @Override
    String run(String argument, ClientSession client) throws IOException {
        InboundState state = client.state();
        if (!state.isEncrypted()) {
            return "538 5.7.11 Encryption required for requested authentication mechanism";
        }
        if (state.helo() == null || !state.isExtended()) {
            return "503 5.5.1 Error: send EHLO first";
        }
        if (state.user() != null || state.transaction() != null) {
            return "503 5.5.1 Error: already authenticated or in a mail transaction";
        }
        String[] words = argument.split(" +", 2);
        String initial = words.length > 1 ? words[1] : null;
        try {
            return switch (words[0].toUpperCase(Locale.ROOT)) {
                case "PLAIN" -> check(plain(initial, client), state);
                case "LOGIN" -> check(login(initial, client), state);
                case "" -> "501 5.5.4 Syntax: AUTH mechanism";
                default -> "504 5.5.4 Error: authentication mechanism not supported";
            };
        } catch (IllegalArgumentException malformed) {
            return "501 5.5.2 Error: authentication cancelled or malformed";
        }
    }

    /**
     * RFC 4616: identity to act for (not supported, so it must be empty or the user), user,
     * password.
     */
    private static Credentials plain(@Nullable String initial, ClientSession client)
            throws IOException {
        String[] parts = decode(initial == null ? ask("", client) : initial).split("\0", -1);
        if (parts.length != 3 || !(parts[0].isEmpty() || parts[0].equals(parts[1]))) {
            throw new IllegalArgumentException();
        }
        return new Credentials(parts[1], parts[2]);
    }

    private static Credentials login(@Nullable String initial, ClientSession client)
            throws IOException {
        String username = decode(initial == null ? ask("VXNlcm5hbWU6", client) : initial);
        return new Credentials(username, decode(ask("UGFzc3dvcmQ6", client)));
    }

    private String check(Credentials given, InboundState state) {
        return switch (accounts.authenticate(given.username, given.password, state.client())) {
            case SubmissionCheck.Accepted(String user, List<String> senders) -> {
                state.signedIn(user, senders);
                yield "235 2.7.0 Authentication successful";
            }
            case SubmissionCheck.Refused() -> "535 5.7.8 Error: authentication failed";
            case SubmissionCheck.Throttled() ->
                    "454 4.7.0 Error: too many failed sign-ins, try again later";
        };
    }

    private static String ask(String challenge, ClientSession client) throws IOException {
        client.send("334 " + challenge);
        return switch (client.input().nextLine()) {
            case ClientLine.Text(String answer) -> answer;
            case ClientLine.Unusable _ -> throw new IllegalArgumentException();
            case ClientLine.Ended() -> throw new EOFException();
        };
    }

    private static String decode(String base64) {
        return base64.equals("=")
                ? ""
                : new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /** Credentials are masked; a client that answers in the wrong order must find them so, too. */
    @Override
    boolean mayRunInClear() {
        return true; // it has an answer of its own: 538
    }
}

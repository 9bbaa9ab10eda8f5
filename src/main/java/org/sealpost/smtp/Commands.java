package org.sealpost.smtp;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.sealpost.account.SubmissionAccounts;
import org.sealpost.account.SubmissionCheck;
import org.sealpost.mail.MailAddress;
import org.sealpost.mail.QueueId;
import org.sealpost.queue.Envelope;
import org.sealpost.queue.MailQueue;
import org.sealpost.queue.QueueFull;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.server.Session;

/**
 * Every command a listener knows. They replace all of the library's own, which lose mail and accept
 * commands injected before TLS.
 */
final class Commands {

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private static final Set<String> MAIL_PARAMETERS =
            Set.of("SIZE", "BODY", "SMTPUTF8", "RET", "ENVID", "AUTH");
    private static final Set<String> RCPT_PARAMETERS = Set.of("NOTIFY", "ORCPT");

    private final ListenerSettings listener;
    private final Settings settings;
    private final MailQueue queue;
    private final SubmissionAccounts accounts;
    private final ServerTls tls;

    Commands(
            ListenerSettings listener,
            Settings settings,
            MailQueue queue,
            SubmissionAccounts accounts,
            ServerTls tls) {
        this.listener = listener;
        this.settings = settings;
        this.queue = queue;
        this.accounts = accounts;
        this.tls = tls;
    }

    List<SmtpCommand> all() {
        var commands = new ArrayList<SmtpCommand>();
        commands.add(command("EHLO", (text, session, state) -> ehlo(text, state)));
        commands.add(command("HELO", (text, session, state) -> helo(text, state)));
        commands.add(command("MAIL", (text, session, state) -> mail(text, state)));
        commands.add(command("RCPT", (text, session, state) -> rcpt(text, state)));
        commands.add(command("DATA", this::data));
        commands.add(command("STARTTLS", this::startTls));
        commands.add(new Masked("AUTH", this::auth));
        commands.add(
                command(
                        "RSET",
                        (text, session, state) -> {
                            state.reset();
                            return "250 2.0.0 Ok";
                        }));
        commands.add(command("NOOP", (text, session, state) -> "250 2.0.0 Ok"));
        commands.add(
                command(
                        "QUIT",
                        (text, session, state) -> {
                            state.endedBecause("quit");
                            return last(session, state, "221 2.0.0 Bye");
                        }));
        commands.add(
                command(
                        "VRFY",
                        (text, session, state) ->
                                "252 2.5.2 Cannot verify a user, but will take mail for it"));
        commands.add(
                command(
                        "HELP",
                        (text, session, state) -> "214 2.0.0 See RFC 5321 for the commands"));
        for (String unsupported : List.of("EXPN", "BDAT")) {
            commands.add(
                    command(
                            unsupported,
                            (text, session, state) -> "502 5.5.1 Error: command not implemented"));
        }
        return commands;
    }

    /** Does a command's work and returns the reply; null when it has been sent already. */
    @FunctionalInterface
    private interface Action {
        @Nullable String run(String argument, Session session, InboundState state)
                throws IOException, DropConnectionException;
    }

    private SmtpCommand command(String verb, Action action) {
        return new Plain(verb, action);
    }

    private class Plain extends SmtpCommand {
        private final Action action;

        Plain(String verb, Action action) {
            super(verb, listener.limits().maxErrors());
            this.action = action;
        }

        @Override
        void run(String argument, Session session, InboundState state)
                throws IOException, DropConnectionException {
            String reply = action.run(argument, session, state);
            if (reply != null) {
                reply(session, reply);
            }
        }
    }

    /** A command whose argument is a secret. */
    private final class Masked extends Plain {
        Masked(String verb, Action action) {
            super(verb, action);
        }

        @Override
        String shown(String line) {
            return "AUTH [masked]";
        }
    }

    /** Sends the session's last reply; the library's quit closes the line at once. */
    private static @Nullable String last(Session session, InboundState state, String reply)
            throws IOException {
        state.step("S: " + reply);
        session.sendResponse(reply);
        session.quit();
        return null;
    }

    private String hostname() {
        return settings.get(GeneralSettings.SECTION).hostname();
    }

    private String ehlo(String name, InboundState state) {
        if (name.isEmpty() || name.length() > 255 || !isPrintable(name)) {
            return "501 5.5.4 Syntax: EHLO hostname";
        }
        state.greeted(name, true);
        var lines = new ArrayList<String>();
        lines.add(hostname());
        lines.add("PIPELINING");
        lines.add("SIZE " + listener.limits().maxMessageBytes());
        if (!state.isEncrypted()) {
            lines.add("STARTTLS");
        } else if (state.user() == null) {
            lines.add("AUTH PLAIN LOGIN");
        }
        lines.addAll(List.of("ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8"));
        var reply = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean last = i == lines.size() - 1;
            reply.append("250").append(last ? ' ' : '-').append(lines.get(i));
            if (!last) {
                reply.append("\r\n");
            }
        }
        return reply.toString();
    }

    private String helo(String name, InboundState state) {
        if (name.isEmpty() || name.length() > 255 || !isPrintable(name)) {
            return "501 5.5.4 Syntax: HELO hostname";
        }
        state.greeted(name, false);
        return "250 " + hostname();
    }

    private static boolean isPrintable(String name) {
        return name.chars().allMatch(c -> c > 32 && c != 127);
    }

    private String mail(String argument, InboundState state) {
        if (listener.level().equals("encrypt") && !state.isEncrypted()) {
            return "530 5.7.0 Must issue a STARTTLS command first";
        }
        if (state.helo() == null) {
            return "503 5.5.1 Error: send HELO/EHLO first";
        }
        if (listener.authRequired() && state.user() == null) {
            return "530 5.7.0 Authentication required";
        }
        if (state.transaction() != null) {
            return "503 5.5.1 Error: nested MAIL command";
        }
        var path = PathArgument.parse("FROM", argument);
        if (path.isEmpty()) {
            return "501 5.1.7 Bad sender address syntax";
        }
        MailAddress sender = path.get().address();
        Map<String, String> parameters = path.get().parameters();
        for (String key : parameters.keySet()) {
            if (!MAIL_PARAMETERS.contains(key)) {
                return "555 5.5.4 Unsupported option: " + key;
            }
        }
        String size = parameters.getOrDefault("SIZE", "0");
        if (!size.matches("\\d{1,20}")) {
            return "501 5.5.4 Bad message size syntax";
        }
        long octets = size.length() > 18 ? Long.MAX_VALUE : Long.parseLong(size);
        if (octets > listener.limits().maxMessageBytes()) {
            return "552 5.3.4 Message size exceeds fixed limit";
        }
        String body = parameters.getOrDefault("BODY", "7BIT").toUpperCase(Locale.ROOT);
        String ret = parameters.get("RET");
        if (!Set.of("7BIT", "8BITMIME").contains(body)
                || (ret != null && !Set.of("FULL", "HDRS").contains(ret.toUpperCase(Locale.ROOT)))
                || !isXtext(parameters.getOrDefault("ENVID", ""), 100)
                || !parameters.getOrDefault("SMTPUTF8", "").isEmpty()) {
            return "501 5.5.4 Bad parameter value";
        }
        boolean smtputf8 = parameters.containsKey("SMTPUTF8");
        if (sender != null && sender.needsSmtputf8() && !smtputf8) {
            return "553 5.6.7 The address needs the SMTPUTF8 option";
        }
        if (!RelayPermission.maySendAs(state.senders(), sender)) {
            return "553 5.7.1 <"
                    + (sender == null ? "" : sender)
                    + ">: Sender address rejected: not owned by user";
        }
        if (!queue.hasRoomFor(octets)) {
            return "452 4.3.1 Insufficient system storage";
        }
        state.begin(
                new InboundState.Transaction(
                        sender,
                        body.equals("8BITMIME"),
                        smtputf8,
                        ret == null ? null : ret.toUpperCase(Locale.ROOT),
                        parameters.get("ENVID")));
        return "250 2.1.0 Ok";
    }

    private String rcpt(String argument, InboundState state) {
        InboundState.Transaction transaction = state.transaction();
        if (transaction == null) {
            return "503 5.5.1 Error: need MAIL command";
        }
        var path = PathArgument.parse("TO", argument);
        MailAddress recipient = path.map(PathArgument::address).orElse(null);
        if (path.isEmpty() || recipient == null) {
            return "501 5.1.3 Bad recipient address syntax";
        }
        Map<String, String> parameters = path.get().parameters();
        for (String key : parameters.keySet()) {
            if (!RCPT_PARAMETERS.contains(key)) {
                return "555 5.5.4 Unsupported option: " + key;
            }
        }
        String notify = parameters.get("NOTIFY");
        String orcpt = parameters.get("ORCPT");
        if ((notify != null
                        && !notify.toUpperCase(Locale.ROOT)
                                .matches(
                                        "NEVER|((SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY))*)"))
                || (orcpt != null && (!orcpt.contains(";") || !isXtext(orcpt, 500)))) {
            return "501 5.5.4 Bad parameter value";
        }
        if (recipient.needsSmtputf8() && !transaction.smtputf8) {
            return "553 5.6.7 The address needs the SMTPUTF8 option";
        }
        if (!RelayPermission.mayRelay(
                settings.get(RelaySettings.SECTION), state.client, state.user(), recipient)) {
            return "554 5.7.1 <" + recipient + ">: Relay access denied";
        }
        if (transaction.recipients.size() >= listener.limits().maxRecipients()) {
            return "452 4.5.3 Error: too many recipients";
        }
        transaction.recipients.add(
                new Envelope.Recipient(
                        recipient, notify == null ? null : notify.toUpperCase(Locale.ROOT), orcpt));
        return "250 2.1.5 Ok";
    }

    private static boolean isXtext(String text, int most) {
        return text.length() <= most && text.chars().allMatch(c -> c > 32 && c < 127 && c != '=');
    }

    private String data(String argument, Session session, InboundState state)
            throws IOException, DropConnectionException {
        InboundState.Transaction transaction = state.transaction();
        if (transaction == null) {
            return "503 5.5.1 Error: need RCPT command";
        }
        if (!argument.isEmpty()) {
            return "501 5.5.4 Syntax: DATA";
        }
        if (transaction.recipients.isEmpty()) {
            return "554 5.5.1 Error: no valid recipients";
        }
        state.step("S: 354 End data with <CR><LF>.<CR><LF>");
        session.sendResponse("354 End data with <CR><LF>.<CR><LF>");
        var message =
                new MessageReader(
                        session.getRawInput(),
                        listener.limits().maxMessageBytes(),
                        listener.limits().maxReceivedHeaders());
        String reply = store(transaction, message, state);
        message.drain(); // whatever went wrong, the rest is not a command
        state.reset();
        return reply;
    }

    private String store(
            InboundState.Transaction transaction, MessageReader message, InboundState state)
            throws IOException {
        QueueId id = queue.newId();
        byte[] received =
                ReceivedHeader.of(state, hostname(), id, transaction.smtputf8)
                        .getBytes(StandardCharsets.UTF_8);
        try {
            queue.accept(
                    id,
                    new Envelope(
                            transaction.sender,
                            transaction.recipients,
                            transaction.eightBit,
                            transaction.smtputf8,
                            transaction.ret,
                            transaction.envid,
                            state.id),
                    new SequenceInputStream(new ByteArrayInputStream(received), message));
            state.queued(id.text());
            return "250 2.0.0 Ok: queued as " + id;
        } catch (MessageReader.Refused refused) {
            return refused.reply().toString();
        } catch (QueueFull full) {
            LOG.warn("a message was refused: {}", full.getMessage());
            return "452 4.3.1 Insufficient system storage";
        } catch (EOFException | SocketException | SocketTimeoutException gone) {
            state.endedBecause("lost connection after DATA");
            throw gone;
        } catch (IOException | RuntimeException e) {
            LOG.error("a message could not be stored", e);
            return "451 4.3.0 Error: queue file write error";
        }
    }

    private @Nullable String startTls(String argument, Session session, InboundState state)
            throws IOException, DropConnectionException {
        if (state.isEncrypted()) {
            return "554 5.5.1 Error: TLS already active";
        }
        if (!argument.isEmpty()) {
            return "501 5.5.4 Syntax: STARTTLS";
        }
        if (session.getRawInput().available() > 0) {
            // Commands sent along with STARTTLS may be an attacker's (CVE-2011-0411).
            state.endedBecause("data sent behind STARTTLS");
            return last(session, state, "554 5.5.0 Error: SMTP protocol synchronization");
        }
        session.sendResponse("220 2.0.0 Ready to start TLS");
        state.step("S: 220 2.0.0 Ready to start TLS");
        try {
            SSLSocket encrypted = tls.layer(ClientSocket.of(session).inner());
            encrypted.startHandshake();
            state.encrypted(encrypted.getSession());
            LOG.info(
                    "Anonymous TLS connection established from {}: {}",
                    state.peer(),
                    state.tlsLine());
            session.setSocket(new ClientSocket(encrypted, state));
            session.resetSmtpProtocol();
            session.setTlsStarted(true);
        } catch (IOException e) {
            // Nothing that is still buffered may run on a session whose handshake failed.
            LOG.info("SSL_accept error from {}: {}", state.peer(), e.getMessage());
            state.endedBecause("TLS handshake failed: " + e.getMessage());
            session.quit();
            session.closeSocket();
        }
        return null;
    }

    private String auth(String argument, Session session, InboundState state)
            throws IOException, DropConnectionException {
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
        String username;
        String password;
        try {
            switch (words[0].toUpperCase(Locale.ROOT)) {
                case "PLAIN" -> {
                    String[] parts =
                            decode(words.length > 1 ? words[1] : ask(session, "")).split("\0", -1);
                    if (parts.length != 3) {
                        return "501 5.5.2 Error: malformed PLAIN response";
                    }
                    username = parts[1];
                    password = parts[2];
                }
                case "LOGIN" -> {
                    username = decode(words.length > 1 ? words[1] : ask(session, "VXNlcm5hbWU6"));
                    password = decode(ask(session, "UGFzc3dvcmQ6"));
                }
                default -> {
                    return "504 5.5.4 Error: authentication mechanism not supported";
                }
            }
        } catch (IllegalArgumentException malformed) {
            return "501 5.5.2 Error: authentication cancelled or malformed";
        }
        return switch (accounts.authenticate(username, password, state.client)) {
            case SubmissionCheck.Accepted(String user, List<String> senders) -> {
                state.signedIn(user, senders);
                yield "235 2.7.0 Authentication successful";
            }
            case SubmissionCheck.Refused() -> "535 5.7.8 Error: authentication failed";
            case SubmissionCheck.Throttled() ->
                    "454 4.7.0 Error: too many failed sign-ins, try again later";
        };
    }

    private static String ask(Session session, String challenge) throws IOException {
        session.sendResponse("334 " + challenge);
        String answer = session.getReader().readLine();
        if (answer == null) {
            throw new EOFException("the client went away while signing in");
        }
        return answer;
    }

    private static String decode(String base64) {
        if (base64.equals("=")) {
            return "";
        }
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}

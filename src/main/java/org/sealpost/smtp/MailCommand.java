package org.sealpost.smtp;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.queue.MailQueue;

/** MAIL (RFC 5321 §4.1.1.2) with SIZE, BODY, SMTPUTF8, RET, ENVID and AUTH. */
final class MailCommand extends SmtpCommand {

    private static final Set<String> KNOWN =
            Set.of("SIZE", "BODY", "SMTPUTF8", "RET", "ENVID", "AUTH");

    private final MailQueue queue;
    private final ClientRates messages;

    MailCommand(MailQueue queue, ClientRates messages) {
        super("MAIL");
        this.queue = queue;
        this.messages = messages;
    }

    @Override
    String run(String argument, ClientSession client) {
        InboundState state = client.state();
        if (state.helo() == null) {
            return "503 5.5.1 Error: send HELO/EHLO first";
        }
        if (state.listener().authRequired() && state.user() == null) {
            return "530 5.7.0 Authentication required";
        }
        if (state.transaction() != null) {
            return "503 5.5.1 Error: nested MAIL command";
        }
        if (messages.isOver(state, state.listener().limits().maxMessagesPerMinute())) {
            return "454 4.7.0 Error: too much mail from " + state.client().getHostAddress();
        }
        return switch (PathArgument.parse("FROM", argument)) {
            case PathArgument.BadPath() -> "501 5.1.7 Bad sender address syntax";
            case PathArgument.BadParameter() -> "501 5.5.4 Bad parameter syntax";
            case PathArgument.Path(String path, var sender, var parameters) ->
                    sender == null && !path.isEmpty()
                            ? "501 5.1.7 Bad sender address syntax"
                            : begin(sender, parameters, state);
        };
    }

    private String begin(
            @Nullable MailAddress sender, Map<String, String> parameters, InboundState state) {
        for (String key : parameters.keySet()) {
            if (!KNOWN.contains(key)) {
                return "555 5.5.4 Unsupported option: " + key;
            }
        }
        String size = parameters.getOrDefault("SIZE", "0");
        if (!size.matches("\\d{1,20}")) {
            return "501 5.5.4 Bad message size syntax";
        }
        long octets = size.length() > 18 ? Long.MAX_VALUE : Long.parseLong(size);
        if (octets > state.listener().limits().maxMessageBytes()) {
            return "552 5.3.4 Message size exceeds fixed limit";
        }
        String body = upper(parameters.getOrDefault("BODY", "7BIT"));
        String ret = parameters.containsKey("RET") ? upper(parameters.get("RET")) : null;
        String envid = parameters.get("ENVID");
        boolean smtputf8 = parameters.containsKey("SMTPUTF8");
        if (!Set.of("7BIT", "8BITMIME").contains(body)
                || (ret != null && !Set.of("FULL", "HDRS").contains(ret))
                || (envid != null && (envid.isEmpty() || !PathArgument.isXtext(envid, 100)))
                || !PathArgument.isXtext(parameters.getOrDefault("AUTH", ""), 500)
                || !parameters.getOrDefault("SMTPUTF8", "").isEmpty()) {
            return "501 5.5.4 Bad parameter value";
        }
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
        messages.count(state);
        state.begin(
                new InboundState.Transaction(
                        sender, body.equals("8BITMIME"), smtputf8, ret, envid));
        return "250 2.1.0 Ok";
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}

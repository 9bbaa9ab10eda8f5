package org.sealpost.smtp;

import java.util.ArrayList;
import java.util.List;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.Settings;

/** EHLO and HELO (RFC 5321 §4.1.1.1); both begin anew and forget a transaction. */
final class GreetingCommand extends SmtpCommand {

    private final boolean extended;
    private final Settings settings;

    GreetingCommand(String verb, boolean extended, Settings settings) {
        super(verb);
        this.extended = extended;
        this.settings = settings;
    }

    @Override
    String run(String name, ClientSession client) {
        // What it claims is believed nowhere but written into the Received line.
        if (!name.matches("[\\w.:\\[\\]!#$%&'*+/=?^`{|}~-]{1,255}")) {
            return "501 5.5.4 Syntax: " + getName() + " hostname";
        }
        client.state().greeted(name, extended);
        String hostname = settings.get(GeneralSettings.SECTION).hostname();
        return extended ? multiline(hostname, extensions(client.state())) : "250 " + hostname;
    }

    @Override
    boolean mayRunInClear() {
        return true;
    }

    private List<String> extensions(InboundState state) {
        var offered = new ArrayList<String>();
        offered.add("PIPELINING");
        offered.add("SIZE " + state.listener().limits().maxMessageBytes());
        if (!state.isEncrypted()) {
            if (state.listener().offersTls()) {
                offered.add("STARTTLS");
            }
        } else if (state.user() == null) {
            offered.add("AUTH PLAIN LOGIN");
        }
        offered.addAll(List.of("ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8", "CHUNKING"));
        // RFC 9422: a client need not find out the limit by hitting it.
        offered.add("LIMITS RCPTMAX=" + state.listener().limits().maxRecipients());
        return offered;
    }

    private static String multiline(String first, List<String> others) {
        var reply = new StringBuilder("250-").append(first);
        for (int i = 0; i < others.size(); i++) {
            reply.append("\r\n250").append(i < others.size() - 1 ? '-' : ' ');
            reply.append(others.get(i));
        }
        return reply.toString();
    }

    @Override
    boolean isIdle() {
        return true;
    }
}

package org.sealpost.smtp;

import java.util.Locale;
import java.util.Set;
import org.sealpost.mail.SmtpReply;

/** What the next line of a client turned out to be. */
sealed interface ClientLine {

    /** A well-formed line, without its CRLF. */
    record Text(String text) implements ClientLine {}

    /** The client is gone. */
    record Ended() implements ClientLine {}

    /**
     * A line that must not run.
     *
     * @param shown what the transcript says of it
     * @param last whether the session ends with the reply
     */
    record Unusable(String shown, SmtpReply reply, boolean last) implements ClientLine {

        static final Unusable BARE_LINE_END =
                last("bare CR or LF", 521, "5.5.2", "Error: bare CR or LF received");
        static final Unusable TOO_LONG =
                of("line too long", 500, "5.5.2", "Error: command line too long");
        static final Unusable ENDLESS =
                last("line without end", 521, "5.5.2", "Error: command line too long");
        static final Unusable CONTROL_CHARACTER =
                of("control character", 500, "5.5.2", "Error: control character in command");
        static final Unusable NO_UTF8 = of("no UTF-8", 500, "5.5.2", "Error: command is not UTF-8");
        static final Unusable TIMEOUT = last("timeout", 421, "4.4.2", "Error: timeout exceeded");
        static final Unusable SHUTTING_DOWN =
                last("shutting down", 421, "4.3.2", "Service shutting down, try again later");

        /** Commands of SMTP that this server does not have; only these words may be shown. */
        private static final Set<String> KNOWN_ELSEWHERE =
                Set.of(
                        "ATRN",
                        "BURL",
                        "ETRN",
                        "EXPN",
                        "HELP",
                        "SAML",
                        "SEND",
                        "SOML",
                        "TURN",
                        "VRFY",
                        "XCLIENT",
                        "XFORWARD");

        /**
         * A command nobody knows. A browser that was made to post to a mail port (it needs no CR
         * trick for that, only a body full of commands) is sent away at its first line.
         */
        static Unusable unknown(String text) {
            boolean web =
                    text.matches("(GET|POST|PUT|HEAD|OPTIONS|CONNECT|PATCH|DELETE) .*HTTP/.*");
            var reply = SmtpReply.of(web ? 521 : 500, "5.5.2", "Error: command not recognized");
            return new Unusable(web ? text : shown(text), reply, web);
        }

        /** Clients that lost step send passwords where a command is expected. */
        private static String shown(String text) {
            String verb = text.split(" ", 2)[0];
            return KNOWN_ELSEWHERE.contains(verb.toUpperCase(Locale.ROOT))
                    ? verb + (verb.equals(text) ? "" : " [not shown]")
                    : "[not a command, " + text.length() + " characters]";
        }

        private static Unusable of(String shown, int code, String status, String text) {
            return new Unusable("[" + shown + "]", SmtpReply.of(code, status, text), false);
        }

        private static Unusable last(String shown, int code, String status, String text) {
            return new Unusable("[" + shown + "]", SmtpReply.of(code, status, text), true);
        }
    }
}

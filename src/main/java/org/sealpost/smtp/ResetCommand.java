package org.sealpost.smtp;

/** RSET (RFC 5321 §4.1.1.5): forgets the transaction, keeps greeting, TLS and sign-in. */
final class ResetCommand extends SmtpCommand {

    ResetCommand() {
        super("RSET");
    }

    @Override
    String run(String argument, ClientSession client) {
        if (!argument.isEmpty()) {
            return "501 5.5.4 Syntax: RSET";
        }
        client.state().reset();
        return "250 2.0.0 Ok";
    }

    @Override
    boolean isIdle() {
        return true;
    }
}

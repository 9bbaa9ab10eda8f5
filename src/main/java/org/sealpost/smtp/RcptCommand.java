package org.sealpost.smtp;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.MailAddress;
import org.sealpost.queue.Envelope;
import org.sealpost.settings.GeneralSettings;
import org.sealpost.settings.RelaySettings;
import org.sealpost.settings.Settings;

/** RCPT (RFC 5321 §4.1.1.3) with NOTIFY and ORCPT; says who may relay where. */
final class RcptCommand extends SmtpCommand {

    private static final Set<String> KNOWN = Set.of("NOTIFY", "ORCPT");

    private final Settings settings;

    RcptCommand(Settings settings) {
        super("RCPT");
        this.settings = settings;
    }

    @Override
    String run(String argument, ClientSession client) {
        InboundState state = client.state();
        InboundState.Transaction transaction = state.transaction();
        if (transaction == null) {
            return "503 5.5.1 Error: need MAIL command";
        }
        return switch (PathArgument.parse("TO", argument)) {
            case PathArgument.BadPath() -> "501 5.1.3 Bad recipient address syntax";
            case PathArgument.BadParameter() -> "501 5.5.4 Bad parameter syntax";
            case PathArgument.Path(String path, var recipient, var parameters) -> {
                // RFC 5321 §4.5.1: this one name needs no domain, and everybody may write to it.
                boolean postmaster = recipient == null && !path.isEmpty();
                MailAddress to = postmaster ? postmaster() : recipient;
                yield to == null
                        ? "501 5.1.3 Bad recipient address syntax"
                        : add(to, postmaster, parameters, transaction, state);
            }
        };
    }

    private @Nullable MailAddress postmaster() {
        return MailAddress.parse(settings.get(GeneralSettings.SECTION).postmaster()).orElse(null);
    }

    private String add(
            MailAddress recipient,
            boolean postmaster,
            Map<String, String> parameters,
            InboundState.Transaction transaction,
            InboundState state) {
        for (String key : parameters.keySet()) {
            if (!KNOWN.contains(key)) {
                return "555 5.5.4 Unsupported option: " + key;
            }
        }
        String notify = parameters.get("NOTIFY");
        String orcpt = parameters.get("ORCPT");
        if ((notify != null && !isNotify(notify)) || (orcpt != null && !isOrcpt(orcpt))) {
            return "501 5.5.4 Bad parameter value";
        }
        if (recipient.needsSmtputf8() && !transaction.smtputf8) {
            return "553 5.6.7 The address needs the SMTPUTF8 option";
        }
        if (!postmaster
                && !state.mayRelayByCertificate()
                && !RelayPermission.mayRelay(
                        settings.get(RelaySettings.SECTION),
                        state.relayAddress(),
                        state.user(),
                        recipient)) {
            return "554 5.7.1 <" + recipient + ">: Relay access denied";
        }
        if (transaction.recipients.size() >= state.listener().limits().maxRecipients()) {
            return "452 4.5.3 Error: too many recipients";
        }
        transaction.recipients.add(
                new Envelope.Recipient(
                        recipient, notify == null ? null : notify.toUpperCase(Locale.ROOT), orcpt));
        return "250 2.1.5 Ok";
    }

    private static boolean isNotify(String text) {
        return text.toUpperCase(Locale.ROOT)
                .matches("NEVER|(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY))*");
    }

    private static boolean isOrcpt(String text) {
        return text.matches("[A-Za-z0-9-]+;.+") && PathArgument.isXtext(text, 500);
    }
}

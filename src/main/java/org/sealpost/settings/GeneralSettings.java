package org.sealpost.settings;

import java.util.ArrayList;
import java.util.List;
import org.sealpost.mail.DomainName;
import org.sealpost.mail.InvalidInput.Problem;
import org.sealpost.mail.MailAddress;

/**
 * Who this relay is.
 *
 * @param hostname the name in banner, EHLO, {@code Received:} and bounces
 * @param postmaster the address people write to about this relay
 * @param bounceSender the address in the {@code From:} line of bounces; their envelope sender is
 *     always empty (RFC 5321 §4.5.5)
 */
public record GeneralSettings(String hostname, String postmaster, String bounceSender) {

    public static final SettingsSection<GeneralSettings> SECTION =
            new SettingsSection<>("general", GeneralSettings.class, GeneralSettings::problems);

    private List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        if (DomainName.parse(hostname).isEmpty()) {
            problems.add(
                    new Problem(
                            "hostname",
                            "“" + hostname + "” is not a host name.",
                            "Write the full name other mail servers know this one by, e.g."
                                    + " mail.example.com."));
        }
        if (MailAddress.parse(postmaster).isEmpty()) {
            problems.add(notAnAddress("postmaster", postmaster));
        }
        if (MailAddress.parse(bounceSender).isEmpty()) {
            problems.add(notAnAddress("bounceSender", bounceSender));
        }
        return problems;
    }

    private static Problem notAnAddress(String field, String value) {
        return new Problem(
                field,
                "“" + value + "” is not a mail address.",
                "Write it as name@example.com, without a display name.");
    }
}

package org.sealpost.migration;

import java.util.Locale;
import java.util.Optional;

/** The {@code smtpd_tls_*} parameters that need more than a fixed answer. */
final class ListenerParameters {

    private final Draft draft;

    ListenerParameters(Draft draft) {
        this.draft = draft;
    }

    /** What becomes of a parameter; empty when it is none of these. */
    Optional<Finding> read(String name, String value) {
        return Optional.ofNullable(
                switch (name) {
                    case "smtpd_tls_protocols", "smtpd_tls_mandatory_protocols" -> protocols(value);
                    case "smtpd_tls_ciphers", "smtpd_tls_mandatory_ciphers" -> grade(value);
                    case "smtpd_tls_cert_file",
                            "smtpd_tls_key_file",
                            "smtpd_tls_eccert_file",
                            "smtpd_tls_eckey_file",
                            "smtpd_tls_chain_files" ->
                            certificate(
                                    name,
                                    value,
                                    "server",
                                    "Upload certificate and key with purpose server; a listener then"
                                            + " names them.");
                    case "smtpd_tls_CAfile", "smtpd_tls_CApath" ->
                            certificate(
                                    name,
                                    value,
                                    "trust",
                                    "It only matters for clients that show a certificate. Upload the"
                                            + " authorities with purpose trust, and set the listener's"
                                            + " clientCertificate.");
                    default -> null;
                });
    }

    private static Finding protocols(String value) {
        ProtocolText text = ProtocolText.of(value);
        if (text.obsolete()) {
            return Finding.obsolete(
                    "“"
                            + value
                            + "” leaves only versions that are broken and not offered here. Listeners"
                            + " offer TLS 1.2 and newer.");
        }
        return text.text().equals(value)
                ? Finding.ignored("A setting of the listeners (protocols); set it there.")
                : Finding.obsolete(
                        "“"
                                + value
                                + "” says no more than listeners do anyway: TLS 1.2 and newer.");
    }

    private static Finding grade(String value) {
        String grade = value.toLowerCase(Locale.ROOT);
        return grade.equals("export") || grade.equals("low")
                ? Finding.obsolete(
                        "The grade " + grade + " is gone: its ciphers are broken and not offered.")
                : Finding.ignored(
                        "A setting of the listeners (ciphers); high and medium mean the same suites"
                                + " today.");
    }

    private Finding certificate(String name, String value, String purpose, String explanation) {
        if (value.isEmpty() || value.equalsIgnoreCase("none")) {
            return Finding.ignored("There is none.");
        }
        draft.certificate(name, value, purpose);
        return Finding.ignored(explanation);
    }
}

package org.sealpost.smtp;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/** The CN of a certificate's subject or issuer. */
final class CommonName {

    private CommonName() {}

    /** The most specific CN; empty when there is none. */
    static String of(X500Principal principal) {
        try {
            String found = "";
            for (Rdn part : new LdapName(principal.getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    found = String.valueOf(part.getValue());
                }
            }
            return found;
        } catch (InvalidNameException e) {
            return "";
        }
    }
}

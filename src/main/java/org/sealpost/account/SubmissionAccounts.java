package org.sealpost.account;

import java.net.InetAddress;

/** The accounts that may submit mail over SMTP with AUTH. */
public interface SubmissionAccounts {

    /**
     * Checks a user name and password (RFC 4954), slowed per account and address.
     *
     * @param from the client's address
     */
    SubmissionCheck authenticate(String username, String password, InetAddress from);
}

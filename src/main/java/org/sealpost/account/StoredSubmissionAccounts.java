package org.sealpost.account;

import java.net.InetAddress;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;

/** Mail accounts in the database. */
@Service
class StoredSubmissionAccounts implements SubmissionAccounts {

    private final JdbcClient database;
    private final KnownPasswords passwords;
    private final SignInThrottle throttle;
    private final String nobody;

    private record Row(String username, String hash, String senders) {}

    StoredSubmissionAccounts(
            JdbcClient database,
            PasswordEncoder encoder,
            KnownPasswords passwords,
            SignInThrottle throttle) {
        this.database = database;
        this.passwords = passwords;
        this.throttle = throttle;
        this.nobody = String.valueOf(encoder.encode("nobody has this password"));
    }

    @Override
    public SubmissionCheck authenticate(String username, String password, InetAddress from) {
        String account = "smtp:" + username;
        if (!throttle.mayTry(account, from.getHostAddress())) {
            return new SubmissionCheck.Throttled();
        }
        List<Row> found =
                database.sql(
                                "select username, password_hash, senders from smtp_account where"
                                        + " username = ?")
                        .param(username)
                        .query((row, number) ->
                                new Row(row.getString(1), row.getString(2), row.getString(3)))
                        .list();
        // An unknown name costs the same time as a wrong password.
        boolean right =
                passwords.matches(password, found.isEmpty() ? nobody : found.getFirst().hash());
        if (found.isEmpty() || !right) {
            throttle.failed(account, from.getHostAddress());
            return new SubmissionCheck.Refused();
        }
        return new SubmissionCheck.Accepted(
                username, SenderRules.forComparison(found.getFirst().senders()));
    }
}

package org.sealpost.console;

import jakarta.servlet.http.HttpSession;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sealpost.certificate.Certificates.NewCertificate;
import org.sealpost.certificate.SecretBox;

/**
 * An upload between its preview and its confirmation: kept on the server, encrypted, one for each
 * session, so that exactly what was shown is stored and no key ever stands in a page.
 */
record PendingUpload(
        String token, List<String> files, @Nullable String password, String purpose, Instant until)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    private static final String NAME = "sealpost.pending-upload";
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Keeps an upload; an earlier one of the session is forgotten. Returns its token. */
    static String keep(HttpSession session, SecretBox secrets, NewCertificate upload, Instant now) {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        String password = upload.password();
        session.setAttribute(
                NAME,
                new PendingUpload(
                        token,
                        upload.files().stream().map(file -> secrets.seal(token, file)).toList(),
                        password == null
                                ? null
                                : secrets.seal(token, password.getBytes(StandardCharsets.UTF_8)),
                        upload.purpose(),
                        now.plus(PATIENCE)));
        return token;
    }

    /** Gives the upload back once; empty when it is another one or too old. */
    static Optional<NewCertificate> take(
            HttpSession session, SecretBox secrets, String token, Instant now) {
        Object kept = session.getAttribute(NAME);
        session.removeAttribute(NAME);
        return kept instanceof PendingUpload upload
                        && upload.token.equals(token)
                        && now.isBefore(upload.until)
                ? Optional.of(upload.open(secrets))
                : Optional.empty();
    }

    private NewCertificate open(SecretBox secrets) {
        return new NewCertificate(
                files.stream().map(file -> secrets.open(token, file)).toList(),
                password == null
                        ? null
                        : new String(secrets.open(token, password), StandardCharsets.UTF_8),
                purpose);
    }

    @Override
    public String toString() {
        return "PendingUpload[" + purpose + ", " + files.size() + " files]";
    }
}

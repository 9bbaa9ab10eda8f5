package org.sealpost.account;

import jakarta.servlet.http.HttpServletRequest;
import java.io.Serial;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Where a request with HTTP Basic came from; its type tells it from the sign-in page. */
final class ProgramDetails extends WebAuthenticationDetails {

    @Serial private static final long serialVersionUID = 1;

    ProgramDetails(HttpServletRequest request) {
        super(request.getRemoteAddr(), null);
    }
}

package org.sealpost.account;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.sealpost.mail.InvalidInput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.webauthn.management.UserCredentialRepository;
import org.springframework.security.web.webauthn.management.WebAuthnRelyingPartyOperations;
import org.springframework.security.web.webauthn.registration.WebAuthnRegistrationFilter;

/** Registers passkeys; what an authenticator or a program sends amiss is its fault, not ours. */
class PasskeyRegistration extends WebAuthnRegistrationFilter {

    private static final Logger LOG = LoggerFactory.getLogger(PasskeyRegistration.class);

    PasskeyRegistration(UserCredentialRepository rows, WebAuthnRelyingPartyOperations party) {
        super(rows, party);
        setRemoveCredentialMatcher(request -> false); // see Passkeys.remove
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!request.getRequestURI().equals(request.getContextPath() + "/webauthn/register")) {
            chain.doFilter(request, response);
            return;
        }
        try {
            super.doFilterInternal(request, response, chain);
        } catch (AccessDeniedException denied) {
            throw denied;
        } catch (InvalidInput label) {
            response.setStatus(HttpServletResponse.SC_UNPROCESSABLE_CONTENT);
        } catch (RuntimeException amiss) {
            LOG.atInfo().setCause(amiss).log("passkey not registered");
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
    }
}

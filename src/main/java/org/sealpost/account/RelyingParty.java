package org.sealpost.account;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sealpost.mail.NotFound;
import org.sealpost.settings.events.ConfigurationChanged;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.web.webauthn.api.AuthenticatorSelectionCriteria;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialCreationOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRequestOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRpEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.ResidentKeyRequirement;
import org.springframework.security.web.webauthn.api.UserVerificationRequirement;
import org.springframework.security.web.webauthn.management.PublicKeyCredentialCreationOptionsRequest;
import org.springframework.security.web.webauthn.management.PublicKeyCredentialRequestOptionsRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyAuthenticationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyPublicKey;
import org.springframework.security.web.webauthn.management.RelyingPartyRegistrationRequest;
import org.springframework.security.web.webauthn.management.WebAuthnRelyingPartyOperations;
import org.springframework.security.web.webauthn.management.Webauthn4JRelyingPartyOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The server's part of WebAuthn: Spring's, behind a door with permission and audit.
 *
 * <p>The authenticator must verify its user, by PIN or finger: so a passkey is two factors in
 * itself, and neither password nor code is asked for.
 */
@Component
class RelyingParty implements WebAuthnRelyingPartyOperations {

    private static final int MOST = 20;

    private final PasskeyUsers handles;
    private final PasskeyRows rows;
    private final UserRows users;
    private final ConsoleAddress address;
    private final ApplicationEventPublisher events;
    private volatile @Nullable WebAuthnRelyingPartyOperations spring;

    RelyingParty(
            PasskeyUsers handles,
            PasskeyRows rows,
            UserRows users,
            ConsoleAddress address,
            ApplicationEventPublisher events) {
        this.handles = handles;
        this.rows = rows;
        this.users = users;
        this.address = address;
        this.events = events;
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:read')")
    public PublicKeyCredentialCreationOptions createPublicKeyCredentialCreationOptions(
            PublicKeyCredentialCreationOptionsRequest request) {
        return spring().createPublicKeyCredentialCreationOptions(request);
    }

    @Override
    @Transactional
    @PreAuthorize("hasAuthority('policies:read')")
    public CredentialRecord registerCredential(RelyingPartyRegistrationRequest request) {
        String name = Caller.person().getName();
        Users.User person =
                users.findByUsername(name).orElseThrow(() -> new NotFound("user", name)).toUser();
        if (rows.of(person.id()).size() >= MOST) {
            throw new IllegalArgumentException("there are " + MOST + " passkeys already");
        }
        String label = StoredPasskeys.checked(request.getPublicKey().getLabel());
        CredentialRecord made = spring().registerCredential(new Labelled(request, label));
        rows.of(person.id()).stream()
                .reduce((first, last) -> last)
                .ifPresent(passkey ->
                        events.publishEvent(
                                ConfigurationChanged.created(
                                        StoredPasskeys.OBJECT,
                                        passkey.id(),
                                        Map.of("username", name, "label", label))));
        return made;
    }

    /** The request with the label as it is kept. */
    private record Labelled(RelyingPartyRegistrationRequest given, String label)
            implements RelyingPartyRegistrationRequest {

        @Override
        public PublicKeyCredentialCreationOptions getCreationOptions() {
            return given.getCreationOptions();
        }

        @Override
        public RelyingPartyPublicKey getPublicKey() {
            return new RelyingPartyPublicKey(given.getPublicKey().getCredential(), label);
        }
    }

    @Override
    public PublicKeyCredentialRequestOptions createCredentialRequestOptions(
            PublicKeyCredentialRequestOptionsRequest request) {
        return spring().createCredentialRequestOptions(request);
    }

    @Override
    @Transactional
    public PublicKeyCredentialUserEntity authenticate(RelyingPartyAuthenticationRequest request) {
        return spring().authenticate(request);
    }

    /** Made at first use: the port is known only when the server listens. */
    private WebAuthnRelyingPartyOperations spring() {
        WebAuthnRelyingPartyOperations known = spring;
        if (known == null) {
            known = make(address.get());
            spring = known;
        }
        return known;
    }

    private WebAuthnRelyingPartyOperations make(URI console) {
        var made =
                new Webauthn4JRelyingPartyOperations(
                        handles,
                        rows,
                        PublicKeyCredentialRpEntity.builder()
                                .id(console.getHost())
                                .name("Sealpost")
                                .build(),
                        Set.of(console.toString()));
        made.setCustomizeCreationOptions(options ->
                options.authenticatorSelection(
                        AuthenticatorSelectionCriteria.builder()
                                .residentKey(ResidentKeyRequirement.REQUIRED)
                                .userVerification(UserVerificationRequirement.REQUIRED)
                                .build()));
        made.setCustomizeRequestOptions(
                options -> options.userVerification(UserVerificationRequirement.REQUIRED));
        return made;
    }
}

// Passkeys: the browser asks the authenticator, the server checks what it signed (WebAuthn).
(function () {
  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  const withIds = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function post(form, path, body) {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-TOKEN': form.elements._csrf.value },
      body: body ? JSON.stringify(body) : undefined,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function signIn(form) {
    const options = await post(form, '/webauthn/authenticate/options');
    const made = await navigator.credentials.get({ publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: withIds(options.allowCredentials),
    } });
    const answer = await post(form, '/login/webauthn', {
      ...common(made),
      response: {
        authenticatorData: text(made.response.authenticatorData),
        clientDataJSON: text(made.response.clientDataJSON),
        signature: text(made.response.signature),
        userHandle: made.response.userHandle ? text(made.response.userHandle) : undefined,
      },
    });
    window.location.assign(answer.redirectUrl);
  }

  async function register(form) {
    const options = await post(form, '/webauthn/register/options');
    const made = await navigator.credentials.create({ publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: withIds(options.excludeCredentials),
    } });
    await post(form, '/webauthn/register', { publicKey: {
      label: form.elements.label.value,
      credential: {
        ...common(made),
        response: {
          attestationObject: text(made.response.attestationObject),
          clientDataJSON: text(made.response.clientDataJSON),
          transports: made.response.getTransports ? made.response.getTransports() : [],
        },
      },
    } });
    window.location.reload();
  }

  function common(made) {
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      clientExtensionResults: made.getClientExtensionResults(),
      authenticatorAttachment: made.authenticatorAttachment,
    };
  }

  document.querySelectorAll('form[data-passkey]').forEach((form) => {
    const told = form.querySelector('[data-told]');
    if (!window.PublicKeyCredential) return;
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      told.hidden = true;
      (form.dataset.passkey === 'register' ? register(form) : signIn(form)).catch(() => {
        told.textContent = told.dataset.told;
        told.hidden = false;
      });
    });
  });
})();

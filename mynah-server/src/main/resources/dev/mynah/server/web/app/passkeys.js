// Passkeys (W3C Web Authentication, level 3), in the JSON forms that the server speaks.

/** Whether this browser can make and use passkeys. */
export const passkeysSupported = () => typeof window.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function';

export async function createPasskey(options) {
  return (await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })).toJSON();
}

export async function usePasskey(options) {
  return (await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })).toJSON();
}

/** Whether somebody only pressed "cancel", or the device had nothing to offer. */
export const isDeclined = (error) => error.name === 'NotAllowedError' || error.name === 'AbortError';

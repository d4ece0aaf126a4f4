// Requests to the server, and what comes back.
import { language, t } from './i18n.js';
import { refusal } from './i18n/refusals.js';

/** An answer of the server that is no success; status 0 where none came. The message is for people, in their language. */
export class ApiError extends Error {
  constructor(status, message, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function csrfToken() {
  return document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/)?.[1] ?? '';
}

/**
 * Sends a request, and reads what comes back.
 * @param {(response: Response) => any} [read] what to make of a success; its text, if left out
 */
export async function send(method, path, body, { signal, key, read } = {}) {
  const headers = { Accept: 'application/json', 'Accept-Language': language() };
  const form = body instanceof FormData;
  const file = form || body instanceof Blob;
  if (key) {
    headers['Idempotency-Key'] = key;
  }
  if (method !== 'GET') {
    if (!csrfToken()) {
      // Any answer brings the cookie.
      await reach('/api/account', { signal });
    }
    headers['X-XSRF-TOKEN'] = decodeURIComponent(csrfToken());
  }
  // A form's type names its boundary, which the browser chooses.
  if (body !== undefined && !form) {
    headers['Content-Type'] = file ? 'application/octet-stream' : 'application/json';
  }
  return reach(path, { method, headers, signal, body: body === undefined || file ? body : JSON.stringify(body) }, read);
}

async function reach(path, options, read = (response) => response.text()) {
  let response;
  let content;
  try {
    response = await fetch(path, options);
    content = await (response.ok ? read(response) : response.text());
  } catch (error) {
    throw error.name === 'AbortError' ? error : new ApiError(0, t('error.unreachable'), 'unreachable');
  }
  window.dispatchEvent(new Event('mynah-reached'));
  if (!response.ok) {
    throw problem(response.status, content);
  }
  return content;
}

export async function request(method, path, body, options) {
  const text = await send(method, path, body, options);
  return text ? JSON.parse(text) : null;
}

/** What a refusal says. */
export function problem(status, text) {
  let error = {};
  try {
    error = JSON.parse(text).error ?? {};
  } catch {
    // A proxy's page, perhaps; the status says enough.
  }
  if (status === 401) {
    window.dispatchEvent(new Event('mynah-signed-out'));
  }
  return new ApiError(status, refusal(language(), error.code, error.param) ?? error.message ?? t('error.unknown'), error.code);
}

const RETRY_MS = [250, 500, 1000, 2000, 4000];

/** Waits before the next attempt after so many that failed, or until the network is there again. */
export function pause(failures) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    window.addEventListener('online', done);
  });
}

/** The first attempt to send something is given up after so long, and later if there is much to send. */
const ATTEMPT_MS = 4000;
const BYTES_PER_MS = 10;
/** After so long, or two more attempts, it could not be sent. */
const PATIENCE_MS = 6000;

/** A name for what must happen once: by it the server knows what it has heard already, however often it is sent. */
export function requestKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Posts what must happen once, again and again over a bad connection. */
export function persistently(path, body, key, onConnection) {
  const attemptMs = ATTEMPT_MS + JSON.stringify(body ?? '').length / BYTES_PER_MS;
  return untilReached(() => request('POST', path, body, { key, signal: AbortSignal.timeout(attemptMs) }), attemptMs, onConnection);
}

/**
 * Attempts something until the server is reached.
 * @param {number} attemptMs how long the first attempt may take
 * @param {(connected: boolean) => void} onConnection told when the server was not reached, and once when there is nothing more to wait for
 */
export async function untilReached(attempt, attemptMs, onConnection = () => {}) {
  const end = performance.now() + attemptMs + PATIENCE_MS;
  for (let failures = 0; ; failures += 1) {
    try {
      const answer = await attempt();
      onConnection(true);
      return answer;
    } catch (error) {
      // A proxy says 502 to 504 for a server that is not there; the server's own refusals have a code.
      const unreached = error.status === 0 || (error.status >= 502 && !error.code);
      if (!unreached || performance.now() > end) {
        onConnection(true);
        throw error;
      }
      onConnection(false);
      await pause(failures);
    }
  }
}

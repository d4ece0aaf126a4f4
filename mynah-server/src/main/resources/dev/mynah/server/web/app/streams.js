// Answers as they are written.
import { ApiError, pause, problem, send, untilReached } from './http.js';

/** The server breaks its silence every 15 seconds; a connection that is still for longer than this is dead, whether or not it was closed. */
const SILENCE_MS = 40_000;

/**
 * Follows a running answer to its end, through lost connections: each event says how far it reaches, and the stream goes on from there.
 * @param {string} conversation
 * @param {string} id the answer's message
 * @param {number} from how many characters of it are here already
 * @param {{onText: (text: string) => void, onConnection: (connected: boolean) => void, signal: AbortSignal}} listener
 * @returns {Promise<{state: string}>} how it ended
 */
export async function follow(conversation, id, from, { onText, onConnection, signal }) {
  let last = from;
  for (let failures = 0; ;) {
    const pulse = new Pulse();
    try {
      const response = await fetch(`/api/conversations/${conversation}/messages/${id}/stream`, {
        headers: { Accept: 'text/event-stream', ...(last > 0 && { 'Last-Event-ID': String(last) }) }, signal: AbortSignal.any([signal, pulse.signal]),
      });
      if (!response.ok) {
        throw problem(response.status, await response.text());
      }
      onConnection(true);
      for await (const event of events(response.body, pulse)) {
        failures = 0;
        if (event.id !== undefined && Number(event.id) <= last) {
          continue;
        }
        last = event.id === undefined ? last : Number(event.id);
        const data = JSON.parse(event.data);
        if (event.type === 'end') {
          return data;
        }
        onText(data.text);
      }
    } catch (error) {
      if (signal.aborted || (error instanceof ApiError && error.status > 0 && error.status < 500)) {
        throw error;
      }
    } finally {
      pulse.end();
    }
    onConnection(false);
    await pause(failures);
    failures += 1;
  }
}

/**
 * Asks for an answer that the service keeps nowhere: it runs as long as its reader stays.
 * @param {object} body as of `POST /v1/chat/completions`
 * @param {AbortSignal} signal ends it
 * @param {(connected: boolean) => void} onConnection
 * @returns {Promise<{read: (onText: (text: string) => void) => Promise<{state: string, cut: boolean}>, stop: () => void}>} once it has begun
 */
export async function completion(body, signal, onConnection) {
  const reading = new AbortController();
  const ended = AbortSignal.any([reading.signal, signal]);
  const ask = () => send('POST', '/api/chat/completions', { ...body, stream: true, stream_options: { include_usage: true } }, { signal: ended, read: (response) => response.body });
  // One that was asked and not heard ends with its connection, and costs what was delivered of it: nothing.
  const stream = await untilReached(ask, 0, onConnection);
  return { stop: () => reading.abort(), read: (onText) => readCompletion(stream, ended, onText) };
}

async function readCompletion(stream, signal, onText) {
  let end = { state: 'interrupted', cut: false };
  try {
    for await (const { data } of events(stream)) {
      const { choices, usage, error } = data === '[DONE]' ? {} : JSON.parse(data);
      const [{ delta, finish_reason: reason } = {}] = choices ?? [];
      if (delta?.content) {
        onText(delta.content);
      }
      if (error || reason) {
        end = { state: error ? 'failed' : 'complete', cut: reason === 'length' };
      }
      end = { ...end, ...usage };
    }
  } catch {
    // Stopped, or the connection is gone: what has come stays.
  }
  return signal.aborted ? { ...end, state: 'stopped' } : end;
}

/** Ends a connection that has fallen silent. */
class Pulse {
  #controller = new AbortController();
  #timer;

  constructor() {
    this.beat();
  }

  get signal() {
    return this.#controller.signal;
  }

  beat() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), SILENCE_MS);
  }

  end() {
    clearTimeout(this.#timer);
  }
}

/** Server-sent events (WHATWG HTML, section 9.2) of a body, with its pulse if it has one. */
async function* events(body, pulse) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  while (true) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    pulse?.beat();
    buffer += value.replaceAll('\r', '');
    for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
      const event = { type: 'message', data: '' };
      for (const line of buffer.slice(0, end).split('\n')) {
        const [, field, content] = /^([^:]*):? ?(.*)$/.exec(line);
        if (field === 'data') {
          event.data += event.data ? `\n${content}` : content;
        } else if (field === 'event') {
          event.type = content;
        } else if (field === 'id') {
          event.id = content;
        }
      }
      buffer = buffer.slice(end + 2);
      if (event.data) {
        yield event;
      }
    }
  }
}

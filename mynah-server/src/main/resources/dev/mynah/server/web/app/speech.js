// Reading aloud. Only voices of the machine itself speak: others are somewhere else, and the text would have to go there.
import { language } from './i18n.js';

const speech = window.speechSynthesis;

const voices = () => speech?.getVoices().filter((voice) => voice.localService) ?? [];

/** Whether there is a voice; browsers learn of theirs a while after the page has come, and `whenVoicesChange` tells. */
export const canSpeak = () => voices().length > 0;

/** @returns {() => void} ends it */
export function whenVoicesChange(listener) {
  speech?.addEventListener('voiceschanged', listener);
  return () => speech?.removeEventListener('voiceschanged', listener);
}

/** What there is to hear of an answer, a block at a time: code and formulas are for the eye. */
function blocks(body) {
  const copy = body.cloneNode(true);
  copy.querySelectorAll('figure, .math').forEach((one) => one.remove());
  return [...copy.children].map((block) => block.textContent.trim()).filter(Boolean);
}

function voiceFor(text) {
  const tag = /\p{Script=Han}/u.test(text) ? 'zh' : language() === 'zh' ? 'en' : language();
  return voices().find((voice) => voice.lang.startsWith(tag)) ?? voices()[0];
}

/**
 * Reads an element aloud, in the place of what is being read.
 * @param {() => void} onEnd called once, also where it is ended early
 */
export function speak(body, onEnd) {
  hush();
  const utterances = blocks(body).map((text) => {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voiceFor(text);
    utterance.lang = utterance.voice.lang;
    utterance.onerror = onEnd;
    return utterance;
  });
  if (utterances.length === 0) {
    onEnd();
    return;
  }
  utterances.at(-1).onend = onEnd;
  utterances.forEach((utterance) => speech.speak(utterance));
}

/** Reads no further. */
export function hush() {
  speech?.cancel();
}

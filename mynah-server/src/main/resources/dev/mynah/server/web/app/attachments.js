// Text files that go along with a question, as parts of its text: everybody sees what is sent, and any model can read it.

import { withoutControls } from './markdown.js';

/** What one file may have, and all of a question together, in characters. */
const MOST_CHARACTERS = 100_000;

/** A file that is no text, or too long. */
export class AttachmentError extends Error {
  constructor(key, values) {
    super(key);
    this.values = values;
  }
}

/**
 * Reads a file.
 * @param {File} file
 * @returns {Promise<{name: string, text: string}>}
 */
export async function readText(file) {
  const name = withoutControls(file.name);
  if (file.size > MOST_CHARACTERS * 4) {
    throw new AttachmentError('attach.tooLong', { name });
  }
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new AttachmentError('attach.noText', { name });
  }
  if (text.includes('\0')) {
    throw new AttachmentError('attach.noText', { name });
  }
  if (text.length > MOST_CHARACTERS) {
    throw new AttachmentError('attach.tooLong', { name });
  }
  return { name, text };
}

/** A question with its files below it, each in a fence that is longer than any within. */
export function withAttachments(question, files) {
  return [question, ...files.map(({ name, text }) => {
    const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((fence) => fence.length));
    const fence = '`'.repeat(longest + 1);
    return `${name}\n${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
  })].filter(Boolean).join('\n\n');
}

/** A file as `withAttachments` writes it, with a name that looks like one: people put code into fences, too. */
const FILE = /(?:^|\n\n)([^\n]+\.\w{1,10})\n(`{3,})\n([\s\S]*?)\n\2(?=\n\n|$)/g;

/** A question and the files that went along with it. */
export function apart(content) {
  return { text: content.replace(FILE, ''), files: [...content.matchAll(FILE)].map(([, name, , text]) => ({ name, text })) };
}

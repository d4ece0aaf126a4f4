// Titles of chats that a model writes: a question more to it, counted as any, and asked once, by the page that has seen the first answer.
import { api } from './api.js';

const MOST_CHARACTERS = 2000;
const MOST_TOKENS = 40;
const LONGEST_TITLE = 80;
const INSTRUCTION = 'Write a title of at most six words for this conversation, in its language. Answer with the title alone.';

/** Nothing but a line of text; models like to put titles into quotation marks, or to think first. */
function tidied(text) {
  const title = text.trim().split('\n')[0].replace(/^(?:title|标题)\s*[:：]\s*/i, '').replace(/^[\s"'“”‘’«»「」《》*#]+|[\s"'“”‘’«»「」《》*.。]+$/gu, '');
  return title.length > LONGEST_TITLE || /[<>{}]/.test(title) ? '' : title;
}

/** Whether a chat still has the title that it began with: the beginning of its question. */
const asBegun = (title, question) => question.replace(/\s+/g, ' ').trim().startsWith(title.replace(/…$/, ''));

/** Gives a chat a title, unless somebody has; the chat, where it has another title now. */
export async function writeTitle(model, conversation, question, answer) {
  if (!asBegun((await api.conversation(conversation)).title, question)) {
    return null;
  }
  const told = `${INSTRUCTION}\n\nUser: ${question.slice(0, MOST_CHARACTERS)}\n\nAssistant: ${answer.slice(0, MOST_CHARACTERS)}`;
  const { choices: [{ message }] } = await api.complete({ model, messages: [{ role: 'user', content: told }], max_tokens: MOST_TOKENS, temperature: 0 });
  const title = tidied(message.content ?? '');
  return title && asBegun((await api.conversation(conversation)).title, question) ? api.changeConversation(conversation, { title }) : null;
}

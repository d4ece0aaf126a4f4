// What those who hear the page are told of an answer that comes: a paragraph at a time as each is complete, not every token, and not all at once at the end.
import { t } from './i18n.js';

/**
 * Reads an answer as it grows.
 * @param {number} from how much of it was there before
 * @param {(words: string) => void} say
 */
export function reader(from, say) {
  let said = from;
  say(t('chat.writing'));
  return ({ state, content }) => {
    const end = state === 'running' ? content.lastIndexOf('\n\n') : content.length;
    const words = content.slice(said, Math.max(said, end)).replace(/[#*_`~]+|^>/gm, '').replace(/[|\s]+|-{3,}/g, ' ').trim();
    if (words) {
      said = end;
      say(words);
    }
    // How an answer ended otherwise stands below it, as a status of its own.
    if (state === 'complete') {
      say(`${words} ${t('chat.done')}`.trim());
    }
  };
}

// The direction in which a text runs: that of its first letter. `dir=auto` finds the same, but again at every change and over all that stands within.
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u;
const LETTER = /\p{L}/u;

function direction(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const [letter] = LETTER.exec(node.data) ?? [];
    // What is code or a formula runs from left to right in any text, and says nothing about it.
    if (letter && !node.parentElement.closest('code, .math')) {
      return RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
    }
  }
  return 'ltr';
}

/** Gives the blocks of a text their directions, and marks the items and cells in them that run the other way. */
export function direct(blocks) {
  for (const block of blocks) {
    const own = block.matches('figure, .math') ? 'ltr' : direction(block);
    if (own === 'rtl') {
      block.dir = own;
    }
    block.querySelectorAll('li, td, th, blockquote > *').forEach((part) => part.classList.toggle('turned', direction(part) !== own));
  }
}

// Marks what is searched for in the page, without touching its elements (CSS Custom Highlight API); a browser that cannot shows nothing.
const NAME = 'found';
const MOST = 500;

/** The places of a text within an element, in whatever case. */
function places(root, wanted) {
  const ranges = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node && ranges.length < MOST; node = walker.nextNode()) {
    const text = node.data.toLowerCase();
    for (let at = text.indexOf(wanted); at >= 0 && ranges.length < MOST; at = text.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      ranges.push(range);
    }
  }
  return ranges;
}

/** Marks a text in some elements, instead of what was marked before; gives the first place, if there is one. */
export function mark(elements, text) {
  const wanted = text.trim().toLowerCase();
  const ranges = wanted ? elements.flatMap((element) => places(element, wanted)) : [];
  if (CSS.highlights) {
    CSS.highlights.set(NAME, new Highlight(...ranges));
  }
  return ranges[0];
}

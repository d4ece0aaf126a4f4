// Writes every character of the Guangyun with its rhymes: `npm install tshet-uinh@0.15.4 && node guangyun.mjs > guangyun.tsv`.
import { 資料 } from 'tshet-uinh';

const rhymes = new Map();
for (const entry of 資料.廣韻.iter條目()) {
  rhymes.set(entry.字頭, (rhymes.get(entry.字頭) ?? new Set()).add(entry.來源.韻目));
}
for (const [character, names] of rhymes) {
  console.log(character + '\t' + [...names].join(','));
}

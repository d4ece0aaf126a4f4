// Line icons, drawn for Mynah on a grid of 20.
import { html, svg } from 'lit';

const PATHS = {
  newChat: svg`<path d="M10 4H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h8a2 2 0 0 0 2-2v-4M15.5 3.3a1.4 1.4 0 0 1 2 2L11 11.7 8.5 12l.3-2.5z"/>`,
  search: svg`<circle cx="9" cy="9" r="5"/><path d="m13 13 4 4"/>`,
  sidebar: svg`<rect x="3" y="4" width="14" height="12" rx="2"/><path d="M8 4v12"/>`,
  send: svg`<path d="M10 16V4m-5 5 5-5 5 5"/>`,
  stop: svg`<rect x="5.5" y="5.5" width="9" height="9" rx="1.5" fill="currentColor"/>`,
  copy: svg`<rect x="7" y="7" width="9" height="9" rx="2"/><path d="M13 7V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v5a2 2 0 0 0 2 2h1"/>`,
  check: svg`<path d="m4.5 10.5 3.5 3.5 7.5-8"/>`,
  good: svg`<path d="M7 9v7H4V9zm0 0 3-6c1.200 0 2 .8 2 2v3h3.5a1.5 1.5 0 0 1 1.5 1.8l-1 5A1.5 1.5 0 0 1 14.5 16H7"/>`,
  bad: svg`<path d="M13 11V4h3v7zm0 0-3 6c-1.200 0-2-.8-2-2v-3H4.5A1.5 1.5 0 0 1 3 10.200l1-5A1.5 1.5 0 0 1 5.5 4H13"/>`,
  regenerate: svg`<path d="M15.5 8A6 6 0 0 0 4.6 7.5M4.5 12a6 6 0 0 0 10.900.5M4 4v4h4M16 16v-4h-4"/>`,
  edit: svg`<path d="m4 16 .8-3.3L13 4.5a1.6 1.6 0 0 1 2.4 2.4l-8.200 8.200z"/>`,
  more: svg`<g fill="currentColor" stroke="none"><circle cx="5" cy="10" r="1.3"/><circle cx="10" cy="10" r="1.3"/><circle cx="15" cy="10" r="1.3"/></g>`,
  left: svg`<path d="m12 5-5 5 5 5"/>`,
  right: svg`<path d="m8 5 5 5-5 5"/>`,
  down: svg`<path d="m5 8 5 5 5-5"/>`,
  theme: svg`<path d="M16 11.5A6.5 6.5 0 0 1 8.5 4 6.5 6.5 0 1 0 16 11.5z"/>`,
  language: svg`<circle cx="10" cy="10" r="6.5"/><path d="M3.5 10h13M10 3.5c2.5 2 2.5 11 0 13M10 3.5c-2.5 2-2.5 11 0 13"/>`,
  account: svg`<circle cx="10" cy="7" r="3"/><path d="M4 16.5c1-3 3.5-4 6-4s5 1 6 4"/>`,
  admin: svg`<path d="M10 3 4 5.5V10c0 3.5 2.5 6 6 7 3.5-1 6-3.5 6-7V5.5z"/>`,
  signOut: svg`<path d="M8 4H5.5A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8M12 6.5 15.5 10 12 13.5M15.5 10H8"/>`,
  settings: svg`<path d="M4 6h7m3 0h2M4 14h2m3 0h7"/><circle cx="12.5" cy="6" r="1.7"/><circle cx="7.5" cy="14" r="1.7"/>`,
  folder: svg`<path d="M3.500 6A1.500 1.500 0 0 1 5 4.500h3l1.500 2H15A1.500 1.500 0 0 1 16.500 8v6a1.500 1.500 0 0 1-1.500 1.500H5A1.500 1.500 0 0 1 3.500 14z"/>`,
  pin: svg`<path d="M7 3.5h6l-1 5 2.5 2.5h-9L8 8.5zM10 11v5.5"/>`,
  up: svg`<path d="m5 12 5-5 5 5"/>`,
  grip: svg`<g fill="currentColor" stroke="none"><circle cx="7.500" cy="5" r="1.2"/><circle cx="12.500" cy="5" r="1.2"/><circle cx="7.500" cy="10" r="1.2"/><circle cx="12.500" cy="10" r="1.2"/><circle cx="7.500" cy="15" r="1.2"/><circle cx="12.500" cy="15" r="1.2"/></g>`,
  share: svg`<path d="M10 12V3.500m-3 3 3-3 3 3M5 9.500v6A1.5 1.5 0 0 0 6.500 17h7a1.5 1.500 0 0 0 1.500-1.500v-6"/>`,
  archive: svg`<rect x="3" y="4" width="14" height="4" rx="1"/><path d="M4.500 8v6.500A1.500 1.500 0 0 0 6 16h8a1.500 1.500 0 0 0 1.500-1.500V8M8.500 11h3"/>`,
  save: svg`<path d="M10 3.500v9m-3-3 3 3 3-3M4.500 14v1A1.500 1.500 0 0 0 6 16.500h8a1.500 1.500 0 0 0 1.500-1.500v-1"/>`,
  open: svg`<path d="M10 12.500v-9m-3 3 3-3 3 3M4.500 14v1A1.500 1.500 0 0 0 6 16.500h8a1.500 1.500 0 0 0 1.500-1.500v-1"/>`,
  rank: svg`<path d="M4 5h12M4 10h8M4 15h4"/>`,
  resume: svg`<path d="M5 4.500v11l6-5.500zM12 4.500v11"/>`,
  keys: svg`<rect x="2.500" y="5" width="15" height="10" rx="2"/><path d="M6 8.500h.01M9 8.500h.01M12 8.500h.01M15 8.500h-.01M6.500 12h7"/>`,
  studio: svg`<path d="M3.500 16.500h13M4 13l3.500-4 3 2.500L16 5"/>`,
  label: svg`<path d="M3.500 10V4.500A1 1 0 0 1 4.500 3.500H10l6.500 6.500-6.500 6.500z"/><circle cx="7" cy="7" r="1"/>`,
  temporary: svg`<path stroke-dasharray="2.600 2.200" d="M10 3.500a6.500 6.500 0 1 1-3.200 12.200L3.500 16.500l.9-3.100A6.500 6.500 0 0 1 10 3.500z"/>`,
  attach: svg`<path d="m15.500 9.500-5.200 5.200a3 3 0 0 1-4.300-4.300l6-6a2 2 0 0 1 2.900 2.900l-5.900 5.900a1 1 0 0 1-1.500-1.500l5.200-5.200"/>`,
  bin: svg`<path d="M4 5.500h12M8 5.500V4h4v1.500M5.500 5.500l.7 10a1 1 0 0 0 1 1h5.600a1 1 0 0 0 1-1l.7-10M8.500 8.500v5M11.500 8.500v5"/>`,
  speak: svg`<path d="M4 8v4h2.500L10 15V5L6.500 8zM13 7.500a3.500 3.500 0 0 1 0 5M15 5a7 7 0 0 1 0 10"/>`,
  hush: svg`<path d="M4 8v4h2.500L10 15V5L6.500 8zM13 8l4 4M17 8l-4 4"/>`,
  eye: svg`<path d="M2.500 10C4.500 6.500 7 5 10 5s5.500 1.500 7.500 5c-2 3.500-4.500 5-7.500 5s-5.500-1.500-7.500-5z"/><circle cx="10" cy="10" r="2.200"/>`,
  close: svg`<path d="m5 5 10 10M15 5 5 15"/>`,
};

/** An icon; it says nothing by itself, so the control it stands in has a name. */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`;
}

// Light or dark: the one chosen, else the system's.
const STORED = 'mynah.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function current() {
  return localStorage.getItem(STORED) ?? (system.matches ? 'dark' : 'light');
}

export function applyTheme() {
  document.documentElement.dataset.theme = current();
}

export function toggleTheme() {
  localStorage.setItem(STORED, current() === 'dark' ? 'light' : 'dark');
  applyTheme();
}

system.addEventListener('change', applyTheme);

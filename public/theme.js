// The chosen theme, before anything is painted: a file of its own, since the page allows no inline script.
try {
  const theme = localStorage.getItem('shaderprop.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the system decides.
}

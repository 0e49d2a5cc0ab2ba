// Light or dark: the choice is a cookie, so that the server draws the page in it at once.
export function theme() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-switch]");
    if (!button) return;
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "steelyard-dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "steelyard" : "steelyard-dark";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  });
}

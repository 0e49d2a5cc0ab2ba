// Keys: Ctrl or Cmd with K finds, / finds too, ? shows them all, Escape closes; a page gives its own by data-key.
// Never while somebody types. Whatever a key presses can also be reached by Tab and pressed there.
const ticking = (node) => node.tagName === "INPUT" && /^(radio|checkbox)$/.test(node.type);
const typing = (node) => node.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !ticking(node));
const pressed = (key) => document.querySelector(`[data-key="${CSS.escape(key.length === 1 ? key.toLowerCase() : key)}"]`);

function press(node) {
  node.click();
  if (ticking(node)) node.focus();
  const sheet = node.tagName === "SUMMARY" && node.parentElement.open ? node.parentElement : null;
  sheet?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

export function keys() {
  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("search");
    if (search && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (document.querySelector("dialog[open]")) {
      return;
    } else if (event.key === "/" && (pressed("/") || search)) {
      event.preventDefault();
      (pressed("/") || search).focus();
    } else if (event.key === "Enter" && event.target.closest("a, button, summary, input")) {
      return; // it presses what has the focus, as always
    } else if (event.key === "?") {
      document.getElementById("keys")?.showModal();
    } else {
      const node = pressed(event.key);
      if (node) { event.preventDefault(); press(node); }
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
    }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog, .toastbox")?.[event.target.closest("dialog") ? "close" : "remove"]();
  });
}

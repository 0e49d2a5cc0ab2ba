// Keys: Ctrl or Cmd with K finds, / finds too, ? shows them all, Escape closes. Never while somebody types.
const typing = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);

export function keys() {
  document.addEventListener("keydown", (event) => {
    const search = document.getElementById("search");
    if (search && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "?") {
      document.getElementById("keys")?.showModal();
    } else {
      document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
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

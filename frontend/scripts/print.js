// A button that prints the page: what the browser's own menu does, in sight.
export function print() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}

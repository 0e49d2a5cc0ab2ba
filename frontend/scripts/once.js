// One effect for one decision: a form that is on its way is not sent a second time.
export function once() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-busy", "true");
  });
  // Back in the browser's memory of the page: the form may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    }
  });
  // A part that asks again every second stops when it is told to go on elsewhere: asked once more, it would begin that page anew, and a
  // page that takes longer than a second would never come.
  document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr, elt } }) => {
    if (xhr.getResponseHeader("HX-Redirect")) elt.replaceWith(elt.cloneNode(true));
  });
}

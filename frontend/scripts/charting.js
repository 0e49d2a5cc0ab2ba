// Fetches the drawing of charts after the first paint, on pages that have one; draws anew when the theme changes.
const dark = matchMedia("(prefers-color-scheme: dark)");
let drawing;

async function draw() {
  await document.fonts.ready;
  drawing ??= import(document.querySelector('meta[name="charts"]').content);
  (await drawing).drawAll();
}

export function charts(part) {
  if (!part.querySelector?.("[data-chart]") && !part.matches?.("[data-chart]")) return;
  requestAnimationFrame(() => setTimeout(draw, 0));
}

const again = () => drawing && draw();
dark.addEventListener("change", again);
new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });

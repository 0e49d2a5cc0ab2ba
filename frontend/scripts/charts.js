// Draws every chart of a page. Specs carry no colours; they come from the tokens of the style sheet, in light and dark.
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";
import { chartTheme } from "./theme.js";

const drawn = new Map();

// Separators of the page's language, from the browser's own tables.
function numbers() {
  const parts = new Intl.NumberFormat(document.documentElement.lang).formatToParts(-1234567.8);
  const of = (type) => parts.find((part) => part.type === type)?.value;
  return { decimal: of("decimal") ?? ".", thousands: of("group") ?? ",", grouping: [3], currency: ["", ""], minus: "\u2212" };
}

async function draw(node) {
  const specs = JSON.parse(document.getElementById(node.dataset.chart).textContent);
  const spec = node.clientWidth < 520 && specs.narrow ? specs.narrow : specs.wide;
  drawn.get(node)?.finalize();
  drawn.set(node, await embed(node, spec, {
    mode: "vega-lite", renderer: "svg", ast: true, expr: expressionInterpreter,
    actions: false, formatLocale: numbers(), defaultStyle: false, tooltip: { disableDefaultStyle: true }, config: chartTheme(spec.usermeta?.levels ?? 5),
  }));
}

export async function drawAll() {
  for (const node of drawn.keys()) {
    if (!node.isConnected) { drawn.get(node).finalize(); drawn.delete(node); }
  }
  await Promise.all([...document.querySelectorAll("[data-chart]")].map(draw));
  document.documentElement.dataset.charts = "ready";
}

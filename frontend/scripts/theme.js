// The theme of the charts, read from the tokens of the style sheet.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const mixed = (from, to, share) => {
  const parts = (colour) => [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  const [one, other] = [parts(from), parts(to)];
  return "#" + one.map((value, place) => Math.round(value + (other[place] - value) * share).toString(16).padStart(2, "0")).join("");
};

// Best first: five grades have a colour of their own, other numbers of levels lie between them.
export function gradeColours(levels) {
  const named = ["a", "b", "c", "d", "e"].map((letter) => token(`--g-${letter}`));
  return Array.from({ length: levels }, (_, place) => {
    const way = levels > 1 ? (place * 4) / (levels - 1) : 0;
    const below = Math.min(Math.floor(way), 3);
    return mixed(named[below], named[below + 1], way - below);
  });
}

export function chartTheme(levels) {
  const [ink, ink2, rule, strong, paper] = ["--ink", "--ink-2", "--rule", "--rule-strong", "--paper"].map(token);
  const s = [1, 2, 3, 4, 5, 6].map((place) => token(`--s${place}`));
  const font = "Inter, system-ui, sans-serif";
  const title = { titleFont: font, titleFontSize: 12, titleFontWeight: 500, titleColor: ink2 };
  const label = { labelFont: font, labelFontSize: 12, labelColor: ink2, ...title };
  return {
    background: null, font, padding: { left: 1, right: 1, top: 4, bottom: 2 }, view: { stroke: null },
    axis: { ...label, grid: false, domain: false, ticks: false, labelPadding: 8, gridColor: rule, gridWidth: 1, domainColor: strong },
    axisQuantitative: { grid: true, tickCount: 5 },
    legend: { ...label, orient: "top", direction: "horizontal", symbolType: "square", symbolSize: 90, offset: 10, columnPadding: 16, titlePadding: 0 },
    mark: { color: s[0] }, bar: { cornerRadius: 1.5 }, line: { strokeWidth: 2, strokeJoin: "round", strokeCap: "round" },
    point: { filled: true, size: 50 }, rule: { color: strong }, area: { fillOpacity: 1 }, text: { font, fontSize: 12 },
    range: { category: s, ordinal: gradeColours(levels), diverging: [1, 2, 3, 4, 5, 6, 7].map((place) => token(`--h${place}`)) },
    style: {
      total: { color: s[0] }, gain: { color: s[2] }, loss: { color: s[3] }, mute: { color: s[4] }, band: { color: token("--band") },
      peer: { color: s[4], strokeWidth: 1.5, strokeDash: [3, 3] }, edge: { color: strong, strokeDash: [2, 3] },
      link: { stroke: strong, strokeWidth: 1 }, zero: { stroke: ink, strokeWidth: 1 },
      value: { color: ink, fontWeight: 500 }, note: { color: ink2 }, halo: { color: s[0], stroke: paper, strokeWidth: 2 },
      before: { color: paper, stroke: s[4], strokeWidth: 1.5 }, poise: { color: token("--brass"), stroke: paper, strokeWidth: 2 },
    },
  };
}

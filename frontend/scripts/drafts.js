// Text that was typed and not sent stays in this browser, for forms that say data-keep="a name": a session may end, a tab may close.
// It comes back only where the server still shows what stood there when it was typed: somebody else's change is never covered.
const place = (form) => `draft:${form.dataset.keep}`;
const ticks = (field) => /^(checkbox|radio)$/.test(field.type);
const kept = (field) => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type);

function shown(field) {
  if (ticks(field)) return String(field.defaultChecked);
  if (field.options) return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value ?? "";
  return field.defaultValue;
}

const now = (field) => (ticks(field) ? String(field.checked) : field.value);
const fields = (form) => [...form.elements].filter(kept).map((field, number) => [`${number} ${field.name}`, field]);

function remember(form) {
  const changed = fields(form).filter(([, field]) => now(field) !== shown(field));
  if (changed.length) localStorage.setItem(place(form), JSON.stringify(changed.map(([key, field]) => [key, shown(field), now(field)])));
  else localStorage.removeItem(place(form));
}

function restore(form) {
  const known = new Map(fields(form));
  let restored = false;
  for (const [key, before, typed] of JSON.parse(localStorage.getItem(place(form)) ?? "[]")) {
    const field = known.get(key);
    if (!field || shown(field) !== before || now(field) !== before) continue;
    if (ticks(field)) field.checked = typed === "true"; else field.value = typed;
    restored = true;
  }
  if (restored) form.querySelector("[data-restored]")?.removeAttribute("hidden");
}

export function keep(part) {
  // A page that says what was done forgets the draft of it.
  for (const done of part.querySelectorAll?.("[data-sent-form]") ?? []) localStorage.removeItem(`draft:${done.dataset.sentForm}`);
  for (const form of part.querySelectorAll?.("form[data-keep]") ?? []) {
    try { restore(form); } catch { localStorage.removeItem(place(form)); }
    form.addEventListener("input", () => remember(form));
  }
}

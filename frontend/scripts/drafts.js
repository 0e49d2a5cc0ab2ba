// Text that was typed and not sent stays in this browser, for forms that say data-keep="a name": a session may end, a tab may close.
const place = (form) => `draft:${form.dataset.keep}`;
const kept = (field) => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type) && field.name !== "csrfmiddlewaretoken";

function remember(form) {
  const values = [...form.elements].filter(kept).filter((field) => !/^(checkbox|radio)$/.test(field.type) || field.checked);
  localStorage.setItem(place(form), JSON.stringify(values.map((field) => [field.name, field.value])));
}

function restore(form) {
  const values = JSON.parse(localStorage.getItem(place(form)) ?? "null");
  if (!values) return;
  let changed = false;
  for (const [name, value] of values) {
    for (const field of [form.elements[name]].flat().filter((field) => field?.form === form && kept(field))) {
      if (/^(checkbox|radio)$/.test(field.type) ? field.value === value && !field.checked : !field.value && value) {
        if (/^(checkbox|radio)$/.test(field.type)) field.checked = true; else field.value = value;
        changed = true;
      }
    }
  }
  if (changed) form.querySelector("[data-restored]")?.removeAttribute("hidden");
}

export function keep(part) {
  for (const form of part.querySelectorAll?.("form[data-keep]") ?? []) {
    try { restore(form); } catch { localStorage.removeItem(place(form)); }
    form.addEventListener("input", () => remember(form));
  }
  // A page that says what was done forgets the draft of it.
  for (const done of part.querySelectorAll?.("[data-sent-form]") ?? []) localStorage.removeItem(`draft:${done.dataset.sentForm}`);
}

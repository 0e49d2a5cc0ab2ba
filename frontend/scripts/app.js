// What the pages do beyond plain HTML. Nothing of it is needed to use them.
import htmx from "htmx.org";
import { charts } from "./charting.js";
import { keep } from "./drafts.js";
import { keys } from "./keys.js";
import { once } from "./once.js";
import { print } from "./print.js";
import { theme } from "./switch.js";

window.htmx = htmx;
document.documentElement.classList.add("scripted");
theme();
keys();
once();
print();
htmx.onLoad((part) => { keep(part); charts(part); });

// Comforts for readers: local times and keys. No page needs this script; it
// makes no request and keeps one preference ("keys off") in local storage.
const local = new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "short"});
for (const t of document.querySelectorAll("time[datetime]")) {
  const at = new Date(t.dateTime);
  if (isNaN(at)) continue;
  if (!t.title) t.title = t.textContent + " · " + local.format(at) + " your time";
}

const store = {
  get off() { try { return localStorage.getItem("keys") === "off"; } catch { return false; } },
  set off(v) { try { localStorage.setItem("keys", v ? "off" : "on"); } catch { /* private window */ } },
};
const changes = [...document.querySelectorAll("[data-change]")];
const follow = (sel) => { const a = document.querySelector(sel); if (a) location.assign(a.href); };

function step(by) {
  if (!changes.length) return;
  const open = (c) => { const d = c.closest("details"); if (d) d.open = true; };
  let i = changes.findIndex((c) => "#" + c.id === location.hash);
  if (i < 0) i = by > 0 ? -1 : 0;
  const next = changes[(i + by + changes.length) % changes.length];
  open(next);
  location.hash = next.id;
}

function help() {
  let d = document.querySelector("dialog");
  if (d) { d.showModal(); return; }
  d = document.createElement("dialog");
  const h = document.createElement("h2");
  h.textContent = "Keys";
  const ul = document.createElement("ul");
  for (const [k, what] of [["j k", "next, previous change"], ["h l", "previous, next version"], ["s", "inline or side by side"], ["/", "search"], ["?", "this help"]]) {
    const li = document.createElement("li"), b = document.createElement("kbd");
    b.textContent = k;
    li.append(b, " " + what);
    ul.append(li);
  }
  const form = document.createElement("form"), off = document.createElement("button"), close = document.createElement("button");
  form.method = "dialog";
  off.className = "plain";
  off.textContent = "Turn keys off";
  off.addEventListener("click", () => { store.off = true; });
  close.textContent = "Close";
  form.append(close, " ", off);
  d.append(h, ul, form);
  document.body.append(d);
  d.showModal();
}

const keys = {
  j: () => step(1), k: () => step(-1),
  h: () => follow("a[rel~=prev]"), l: () => follow("a[rel~=next]"),
  s: () => follow("a[data-other-view]"),
  "/": () => { const q = document.querySelector("input[name=q]"); if (q) q.focus(); else location.assign("/"); },
};
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest("input,textarea,select,dialog")) return;
  if (e.key === "?") { store.off = false; help(); return; }
  if (store.off || !keys[e.key]) return;
  e.preventDefault();
  keys[e.key]();
});

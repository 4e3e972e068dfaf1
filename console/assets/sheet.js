// What a sheet gains from script: it saves itself while one types, Enter goes down a column, a block from a spreadsheet is
// pasted into the rows, and sums keep up. Without script the same buttons do it.
"use strict";

const PAUSE_MS = 700;
const AGAIN_MS = 5000;

for (const form of document.querySelectorAll("form[data-saves=itself]")) {
  const said = form.querySelector("[data-saved]");
  let timer = 0;
  let saving = null;
  let changed = false;
  let stopped = false;

  const save = async () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", "save");
    changed = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = answer.headers.get("content-type")?.includes("json") ? await answer.json() : null;
      if (answer.ok && told) {
        form.elements.version.value = told.version;
        said.textContent = told.words;
      } else {
        // Somebody else saved, the session ended, or it is too much: a person has to look.
        stopped = answer.status === 409;
        said.textContent = told ? told.words : form.dataset.unsaved;
        changed = true;
        if (!stopped) later(AGAIN_MS);
      }
    } catch {
      said.textContent = form.dataset.unsaved;
      changed = true;
      later(AGAIN_MS);
    }
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (stopped) return;
      if (saving) return later(PAUSE_MS);
      saving = save().finally(() => (saving = null));
    }, wait);
  };
  const typed = () => {
    changed = true;
    if (!stopped) {
      said.textContent = form.dataset.typing;
      later(PAUSE_MS);
    }
    sums(form);
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  // A button carries the version that a save under way is about to change: it waits for that.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!saving) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    saving.finally(() => form.requestSubmit(button));
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && form.dataset.sent !== "yes") event.preventDefault();
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || field.tagName !== "INPUT" || !field.closest("tbody")) return;
    event.preventDefault();
    below(field)?.focus();
  });
  form.addEventListener("paste", (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (field.tagName !== "INPUT" || !field.closest("tbody") || !/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    fill(field, text.trimEnd().split(/\r?\n/).map((line) => line.split("\t")));
    typed();
  });
  form.querySelector("[data-adds]")?.addEventListener("click", (event) => {
    const free = form.querySelectorAll("tr[data-free]");
    if (free.length === 0) return;
    event.preventDefault();
    const first = added(free[free.length - 1]);
    for (let more = 1; more < 5; more++) added(lastFree(form));
    fields(first)[0]?.focus();
    typed();
  });
  sums(form);
}

function fields(row) {
  return [...row.querySelectorAll("input:not([type=hidden], [type=checkbox])")];
}

function lastFree(form) {
  const free = form.querySelectorAll("tr[data-free]");
  return free[free.length - 1];
}

// The field in the same column of the next row that has one; the head of a fixed row may take several columns.
function below(field) {
  const wider = (row) => row.cells[0].colSpan - 1;
  const here = field.closest("tr");
  const column = field.closest("td").cellIndex + wider(here);
  for (let row = here.nextElementSibling; row; row = row.nextElementSibling) {
    const cell = row.cells[Math.max(0, column - wider(row))];
    const next = cell?.querySelector("input:not([type=hidden], [type=checkbox])");
    if (next) return next;
  }
  return null;
}

// A new empty row after this one, under a number that no row has.
function added(row) {
  const form = row.closest("form");
  const numbers = [...form.querySelectorAll("tbody tr")].map((tr) => Number(tr.id.replace("row-", "")));
  const number = Math.max(...numbers) + 1;
  const copy = row.cloneNode(true);
  copy.id = `row-${number}`;
  for (const part of copy.querySelectorAll("[name]")) {
    if (part.name === "act") {
      // Its button speaks of a row that the node does not know yet.
      part.remove();
      continue;
    }
    part.name = part.name.replace(/^(.)\d+/, `$1${number}`);
    if (part.type === "checkbox") part.checked = false;
    else part.value = "";
    part.removeAttribute("aria-invalid");
  }
  copy.querySelector(".field-problem")?.remove();
  row.after(copy);
  return copy;
}

// Lines of a spreadsheet into the rows from a field on, its columns into their fields.
function fill(field, lines) {
  let row = field.closest("tr");
  const first = fields(row).indexOf(field);
  lines.forEach((cells, line) => {
    if (line > 0) {
      const next = row.nextElementSibling;
      row = next && next.dataset.free === row.dataset.free ? next : row.dataset.free ? added(row) : next;
    }
    if (!row) return;
    const into = fields(row);
    cells.forEach((text, cell) => {
      if (into[first + cell]) into[first + cell].value = text.trim();
    });
  });
}

// Sum of the parts beside the total, as far as they are plain numbers.
function sums(form) {
  const shown = (name) => form.querySelector(`[data-sum=${name}]`);
  if (!shown("part")) return;
  const number = (field) => {
    const text = field.value.replace(/[\s\u00a0\u202f.,'’]/g, "").replace(/[A-Za-z]$/, "");
    return /^\d+$/.test(text) ? Number(text) : null;
  };
  const of = (kind) =>
    [...form.querySelectorAll(`[data-count=${kind}]`)].map(number).filter((count) => count !== null);
  const write = (name, count) => {
    shown(name).textContent = count === null ? "–" : count.toLocaleString(document.documentElement.lang || "en").replaceAll(",", "\u202f");
  };
  const parts = of("part");
  const totals = of("total");
  const sum = parts.length ? parts.reduce((a, b) => a + b, 0) : null;
  const total = totals.length ? totals[0] : null;
  write("part", sum);
  write("total", total);
  write("difference", sum === null || total === null ? null : total - sum);
}

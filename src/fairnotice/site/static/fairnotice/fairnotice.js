// Small helps on top of pages that are whole without them. No inline script, no outside file, nothing is stored.
"use strict";
(() => {
  document.documentElement.classList.add("scripts");
  const all = (root, selector) => [...root.querySelectorAll(selector)];

  // Quick exit: the page gives up its place in the history, so that "back" does not lead here.
  const exit = document.querySelector("[data-quick-exit]");
  if (exit) {
    const leave = () => {
      document.body.hidden = true;
      document.title = " ";
      window.location.replace(exit.dataset.quickExit);
    };
    exit.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
    let presses = [];
    document.addEventListener("keydown", (event) => {
      if (event.repeat) return;
      presses = event.key === "Escape" ? [...presses.filter((at) => event.timeStamp - at < 3000), event.timeStamp] : [];
      if (presses.length === 3) leave();
    });
  }

  // Rows of a Django formset: [data-rows=PREFIX] holds .row elements and a <template>; both buttons are optional.
  const renumber = (box) => {
    const prefix = box.dataset.rows;
    const rows = all(box, ".row");
    rows.forEach((row, index) => {
      for (const element of [row, ...all(row, "*")]) {
        for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby", "data-counter"]) {
          const value = element.getAttribute(name);
          if (value) element.setAttribute(name, value.replace(new RegExp(`${prefix}-(\\d+|__prefix__)-`, "g"), `${prefix}-${index}-`));
        }
      }
      for (const number of all(row, "[data-row-number]")) number.textContent = String(index + 1);
      for (const button of all(row, "[data-remove-row]")) button.hidden = rows.length < 2;
    });
    const form = box.closest("form");
    const total = form && form.elements[`${prefix}-TOTAL_FORMS`];
    if (total) total.value = String(rows.length);
    const most = Number(box.dataset.most || 50);
    for (const button of all(document, `[data-add-row="${prefix}"]`)) button.disabled = rows.length >= most;
  };
  const prepareRows = (box) => {
    const prefix = box.dataset.rows;
    const template = box.querySelector("template");
    for (const button of all(document, `[data-add-row="${prefix}"]`)) {
      button.addEventListener("click", (event) => {
        if (!template) return;
        event.preventDefault();
        const rows = all(box, ".row");
        template.before(template.content.cloneNode(true));
        renumber(box);
        const row = all(box, ".row")[rows.length];
        prepareCounters(row);
        const first = row.querySelector("input:not([type=hidden]), textarea, select");
        if (first) first.focus();
      });
    }
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove-row]");
      if (!button || all(box, ".row").length < 2) return;
      event.preventDefault();
      button.closest(".row").remove();
      renumber(box);
      const last = all(box, ".row").pop().querySelector("input:not([type=hidden]), textarea");
      if (last) last.focus();
    });
    renumber(box);
  };

  // How many characters are left; read out only when few are, so that it does not talk over the typing.
  const prepareCounters = (root) => {
    for (const counter of all(root, "[data-counter]")) {
      const control = document.getElementById(counter.dataset.counter);
      if (!control) continue;
      const show = () => {
        const left = Number(counter.dataset.limit) - [...control.value].length;
        counter.textContent = `${Math.abs(left)} ${left < 0 ? counter.dataset.over : counter.dataset.left}`;
        counter.setAttribute("aria-live", left < 100 ? "polite" : "off");
      };
      control.addEventListener("input", show);
      show();
    }
  };

  for (const button of all(document, "[data-copy]")) {
    button.addEventListener("click", async () => {
      const said = button.parentElement.querySelector("[data-copied]");
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
        if (said) said.textContent = said.dataset.copied;
      } catch {
        if (said) said.textContent = said.dataset.copyFailed;
      }
    });
  }
  for (const button of all(document, "[data-print]")) button.addEventListener("click", () => window.print());

  for (const box of all(document, "[data-rows]")) prepareRows(box);
  prepareCounters(document);
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();

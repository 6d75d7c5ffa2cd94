// Helps on the page that checks reports: files dropped anywhere on it, and a table that sorts. Both go without.
"use strict";
(() => {
  const input = document.getElementById("files");
  const drop = document.querySelector("[data-drop]");
  const said = document.querySelector("[data-dropped]");
  const over = (on) => drop.classList.toggle("over", on);
  const tell = () => {
    const names = [...input.files].map((file) => file.name);
    said.textContent = names.length ? `${said.dataset.dropped} ${names.join(", ")}` : "";
  };
  if (input && drop && said) {
    input.addEventListener("change", tell);
    document.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      over(true);
    });
    document.addEventListener("dragleave", (event) => event.relatedTarget ?? over(false));
    document.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      over(false);
      input.files = event.dataTransfer.files;
      tell();
      input.focus();
    });
  }

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      if (!head.dataset.sort) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button link";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[place].dataset.value ?? row.cells[place].textContent.trim();
        const order =
          head.dataset.sort === "number"
            ? (one, other) => Number(value(one)) - Number(value(other))
            : (one, other) => value(one).localeCompare(value(other), undefined, { numeric: true });
        const rows = [...table.tBodies[0].rows].sort(order);
        if (down) rows.reverse();
        table.tBodies[0].append(...rows);
      });
    });
  }
})();

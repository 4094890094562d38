// Tables: narrow windows show a row as a card, with the names of its columns; a long one has a search field.
(() => {
  document.addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll("table.rows, table.docutils")) {
      name(table);
      if (table.tBodies[0]?.rows.length > 30) search(table);
    }
  });

  function name(table) {
    const names = [...(table.tHead?.rows[0].cells ?? [])].map(cell => cell.textContent.trim());
    if (names.length < 2 || !names.every(Boolean)) return;
    table.classList.add("cards");
    for (const row of table.tBodies[0]?.rows ?? []) {
      [...row.cells].forEach((cell, at) => { cell.dataset.name = names[at]; });
    }
  }

  function search(table) {
    const rows = [...table.tBodies[0].rows];
    const bar = document.createElement("p");
    const field = document.createElement("input");
    const count = document.createElement("output");
    bar.className = "rows-search";
    field.type = "search";
    field.placeholder = "Show rows with these words";
    field.setAttribute("aria-label", field.placeholder);
    bar.append(field, count);
    table.before(bar);
    let texts;
    field.addEventListener("input", () => {
      texts ??= rows.map(row => row.textContent.toLowerCase());
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every(word => texts[at].includes(word));
        if (!row.hidden) shown += 1;
      });
      count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    });
  }
})();

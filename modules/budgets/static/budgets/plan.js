/* Live totals of the plan editor. Everything works without it: the server counts again when the plan is saved.
   Amounts are whole hundredths of a dram in BigInt, never floating point. */
"use strict";

(() => {
  const form = document.querySelector("form[data-plan]");
  if (!form) return;
  const PLACES = 5; // thousand drams with five places are hundredths of a dram
  const quarters = ["q1", "q2", "q3", "q4"];

  /* "760 414,5" as hundredths of a dram; null for what the server would have to ask about. */
  const read = (text) => {
    const body = text.replace(/[\s\u00a0\u202f]/g, "").replace(/[\u2212\u2013]/g, "-");
    if (body === "") return 0n;
    const found = /^(-?)(\d+)(?:[.,](\d{1,5}))?$/.exec(body);
    if (!found || (body.includes(",") && /,\d{3}$/.test(body))) return null;
    const amount = BigInt(found[2] + (found[3] || "").padEnd(PLACES, "0"));
    return found[1] ? -amount : amount;
  };

  const write = (amount) => {
    const digits = (amount < 0n ? -amount : amount).toString().padStart(PLACES + 1, "0");
    const fraction = digits.slice(-PLACES).replace(/0+$/, "") || "0";
    return (amount < 0n ? "-" : "") + digits.slice(0, -PLACES) + "." + fraction;
  };

  const rows = Array.from(form.querySelectorAll("tr[data-part]"));
  const field = (row, name) => row.querySelector(`input[data-field="${name}"]`);
  const yearOf = (row) => {
    const gone = row.querySelector("input[data-gone]");
    return gone && gone.checked ? 0n : read(field(row, "year").value);
  };
  const kept = new Map(rows.map((row) => [row, read(row.dataset.kept)]));

  const show = (place, amount) => {
    place.textContent = write(amount);
    place.classList.toggle("is-uneven", place.hasAttribute("data-rest") && amount !== 0n);
  };

  const count = () => {
    const change = { "": 0n, total: 0n };
    for (const row of rows) {
      const year = yearOf(row);
      if (year === null) continue;
      const more = year - kept.get(row);
      change[row.dataset.part] = (change[row.dataset.part] || 0n) + more;
      change[""] += more;
      if (!row.hasAttribute("data-out")) change.total += more;
    }
    const sign = form.dataset.side === "expenditure" ? -1n : 1n;
    for (const place of document.querySelectorAll("[data-total]")) {
      show(place, read(place.dataset.base) + (change[place.dataset.total] || 0n));
    }
    for (const place of document.querySelectorAll("[data-rest]")) {
      show(place, read(place.dataset.base) + sign * (change[place.dataset.rest] || 0n));
    }
  };

  const spread = (row, year) => {
    const each = year / 4n;
    quarters.forEach((name, number) => {
      field(row, name).value = write(number < 3 ? each : year - each * 3n);
    });
  };

  const sum = (row) => {
    let year = 0n;
    for (const name of quarters) {
      const amount = read(field(row, name).value);
      if (amount === null) return;
      year += amount;
    }
    field(row, "year").value = write(year);
  };

  form.addEventListener("input", (event) => {
    const row = event.target.closest("tr[data-part]");
    if (!row) return;
    const name = event.target.dataset.field;
    if (name === "year") {
      const year = read(event.target.value);
      if (year !== null) spread(row, year);
    } else if (name) {
      sum(row);
    }
    row.classList.add("is-touched");
    count();
  });

  /* Up and down go to the same column of the row above or below. */
  form.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = step && event.target.closest("tr[data-part]");
    const next = row && rows[rows.indexOf(row) + step];
    const there = next && event.target.dataset.field && field(next, event.target.dataset.field);
    if (there) {
      event.preventDefault();
      there.focus();
      there.select();
    }
  });

  let saving = false;
  form.addEventListener("submit", () => { saving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!saving && form.querySelector(".is-touched")) event.preventDefault();
  });
  count();
})();

// Titles below the search field while somebody types: a combobox with a list (WAI-ARIA 1.2). Without this script the
// form searches all the same.
(() => {
  "use strict";
  const WAIT = 200;
  const LEAST = 2;

  const start = (form, index) => {
    const field = form.querySelector("input[type=search]");
    const list = document.createElement("ul");
    let timer = 0;
    let asked = 0;
    let at = -1;
    let last = "";

    list.id = `suggestions-${index}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.suggestLabel);
    form.classList.add("has-suggestions");
    form.append(list);
    field.type = "text"; // a field of type search may not be a combobox
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      inputmode: "search",
      enterkeyhint: "search",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      field.setAttribute(name, value);
    }

    const options = () => [...list.children];

    const choose = (place) => {
      at = place;
      options().forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      if (at < 0) {
        field.removeAttribute("aria-activedescendant");
      } else {
        field.setAttribute("aria-activedescendant", list.children[at].id);
        list.children[at].scrollIntoView({ block: "nearest" });
      }
    };

    const close = () => {
      window.clearTimeout(timer);
      asked += 1; // an answer still on its way opens nothing
      last = "";
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      choose(-1);
    };

    const show = (found) => {
      list.replaceChildren(
        ...found.map((one, number) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${number}`;
          option.setAttribute("role", "option");
          option.textContent = one.title;
          option.dataset.url = one.url;
          return option;
        }),
      );
      choose(-1);
      list.hidden = found.length === 0;
      field.setAttribute("aria-expanded", String(!list.hidden));
    };

    const ask = async () => {
      const words = field.value.trim();
      if (words.length < LEAST) {
        close();
        return;
      }
      if (words === last) return;
      last = words;
      asked += 1;
      const mine = asked;
      try {
        const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: words })}`);
        const found = answer.ok ? await answer.json() : [];
        if (mine === asked) show(found);
      } catch {
        if (mine === asked) close(); // the network is away: the form is still there
      }
    };

    const go = (option) => window.location.assign(option.dataset.url);

    field.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    field.addEventListener("keydown", (event) => {
      const count = list.children.length;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if (list.hidden || count === 0) {
        if (event.key === "ArrowDown") ask();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(((at + 1 + step + count + 1) % (count + 1)) - 1); // past either end: back to the words typed
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        go(list.children[at]);
      } else if (event.key === "Tab") {
        close();
      }
    });
    field.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
  };

  document.querySelectorAll("form[data-suggest]").forEach(start);
})();

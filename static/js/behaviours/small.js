// Behaviours of a few lines: focus (error summary), print, copy, menu, tabs.
const BEHAVIOURS = {
  focus: (element) => element.focus(),

  print(button) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  },

  copy(button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.querySelector("[role=status]").textContent = button.dataset.done;
    });
  },

  // On a narrow screen the row of tabs scrolls: the current one is brought into view, the page stays put.
  tabs(nav) {
    const current = nav.querySelector("[aria-current]");
    const row = nav.firstElementChild;
    if (current) row.scrollLeft = current.offsetLeft - row.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  },

  menu(details) {
    addEventListener("click", (event) => { if (!details.contains(event.target)) details.open = false; });
    details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    });
  },
};

export default () => {
  for (const element of document.querySelectorAll("[data-behaviour]")) BEHAVIOURS[element.dataset.behaviour]?.(element);
};

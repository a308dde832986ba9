// Shows a question as soon as an earlier answer calls for it. The server decides again when the page is sent.
function update(form) {
  for (const block of form.querySelectorAll("[data-shown-if]")) {
    const wanted = block.dataset.shownValue.split(" ");
    // What is hidden is disabled, so that it calls for nothing further down.
    block.hidden = !new FormData(form).getAll(block.dataset.shownIf).some((value) => wanted.includes(value));
    for (const control of block.querySelectorAll("input, select, textarea")) control.disabled = block.hidden;
  }
  for (const section of form.querySelectorAll(".asked-section")) section.hidden = !section.querySelector(".asked:not([hidden])");
}

export default () => {
  const blocks = [...document.querySelectorAll("[data-shown-if]")];
  for (const form of new Set(blocks.map((block) => block.closest("form")))) {
    form.addEventListener("change", () => update(form));
    update(form);
  }
};

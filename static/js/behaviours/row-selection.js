// One box ticks the whole page, and says how many are ticked. The list below may be replaced at any time.
export default () => customElements.define("row-selection", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.follow(event.target));
    new MutationObserver(() => this.offerAll()).observe(this, { childList: true, subtree: true });
    this.offerAll();
  }

  boxes() { return [...this.querySelectorAll("tbody input[name=id]")]; }

  offerAll() {
    const head = this.querySelector("thead th:first-child");
    if (!head || head.querySelector("input") || !this.boxes().length) return;
    const all = Object.assign(document.createElement("input"), { type: "checkbox" });
    all.setAttribute("aria-label", head.textContent.trim());
    head.replaceChildren(all);
  }

  follow(target) {
    const boxes = this.boxes();
    const all = this.querySelector("thead input");
    if (target === all) boxes.forEach((box) => { box.checked = all.checked; });
    if (target !== all && target.name !== "id") return;
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    const option = this.querySelector("[data-ticked]");
    option.textContent = `${option.dataset.ticked} (${ticked})`;
    option.selected = true;
  }
});

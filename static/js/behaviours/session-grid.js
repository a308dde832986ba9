// Dragging is an extra: each session's own form does the same from the keyboard.
export default ({ ask, fragment, address }) => customElements.define("session-grid", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-move]")) return;
      event.preventDefault();
      this.send(event.target);
    });
    this.addEventListener("pointerdown", (event) => this.pick(event));
    this.addEventListener("pointermove", (event) => this.follow(event));
    this.addEventListener("pointerup", () => this.end(true));
    this.addEventListener("pointercancel", () => this.end(false));
    addEventListener("keydown", (event) => event.key === "Escape" && this.end(false));
  }

  pick(event) {
    const session = event.target.closest("[data-session]");
    if (!session || event.button || event.target.closest("a, button, select, input, label, summary")) return;
    this.start = { session, x: event.clientX, y: event.clientY };
  }

  follow(event) {
    if (!this.start) return;
    if (!this.dragged && Math.hypot(event.clientX - this.start.x, event.clientY - this.start.y) > 6) {
      this.dragged = this.start.session;
      this.dragged.classList.add("dragging");
      this.dragged.setPointerCapture(event.pointerId);
    }
    if (!this.dragged) return;
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-slot]") ?? null;
    if (over === this.over) return;
    this.over?.classList.remove("drop");
    over?.classList.add("drop");
    this.over = over;
  }

  end(isDropped) {
    const { dragged, over } = this;
    dragged?.classList.remove("dragging");
    over?.classList.remove("drop");
    this.start = this.dragged = this.over = null;
    if (!isDropped || !dragged || !over || over === dragged.closest("[data-slot]")) return;
    const form = dragged.querySelector("form[data-move]");
    form.querySelector("select").value = over.dataset.slot;
    this.send(form);
  }

  async send(form) {
    const moved = form.closest("[data-session]").dataset.session;
    const answer = await ask(address(form), { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer?.ok) return form.submit();
    this.querySelector("[data-grid]").replaceChildren(fragment(await answer.text()));
    this.querySelector(`[data-session="${CSS.escape(moved)}"] select`)?.focus();
    this.querySelector("[data-status]").textContent = this.dataset.said;
  }
});

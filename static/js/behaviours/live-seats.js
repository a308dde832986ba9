// Places left, every fifteen seconds while the page is seen. Never undoes a choice: the server decides at the end.
export default ({ ask }) => customElements.define("live-seats", class extends HTMLElement {
  connectedCallback() { this.timer = setInterval(() => document.hidden || this.load(), 15000); }

  disconnectedCallback() { clearInterval(this.timer); }

  async load() {
    const answer = await ask(this.getAttribute("src")).catch(() => null);
    if (!answer?.ok) return;
    for (const [key, seats] of Object.entries(await answer.json())) {
      for (const badge of this.querySelectorAll(`[data-seats="${CSS.escape(key)}"]`)) this.show(badge, seats);
    }
  }

  show(badge, { tone, text, full }) {
    if (badge.textContent !== text) {
      badge.textContent = text;
      badge.className = `badge ${tone}`;
    }
    const input = badge.closest(".choice")?.querySelector("input");
    if (input && !input.checked) input.disabled = full && !("waiting" in badge.dataset);
  }
});

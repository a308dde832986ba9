// The list follows the typing. The address keeps the filters, so that it can be shared.
export default ({ ask, fragment, later, address }) => customElements.define("live-filter", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.list = document.getElementById(this.getAttribute("target"));
    if (!this.list) return;
    this.form.querySelector("button:not([name])").hidden = true;
    this.status = this.appendChild(Object.assign(document.createElement("p"), { className: "sr" }));
    this.status.setAttribute("role", "status");
    this.form.addEventListener("input", later(() => this.load(), 200));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.load(); });
  }

  async load() {
    const url = new URL(address(this.form), location.href);
    url.search = new URLSearchParams([...new FormData(this.form)].filter(([, value]) => value !== ""));
    this.abort?.abort();
    this.abort = new AbortController();
    try {
      const answer = await ask(url, { signal: this.abort.signal });
      if (!answer.ok) return this.form.submit();
      this.list.replaceChildren(fragment(await answer.text()));
      history.replaceState(null, "", url);
      this.status.textContent = this.list.querySelector("[data-count]")?.textContent ?? "";
    } catch (error) {
      if (error.name !== "AbortError") this.form.submit();
    }
  }
});

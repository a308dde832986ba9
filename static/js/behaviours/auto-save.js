// Saves a long text while it is written; keeps a copy on the device until the server has it.
export default ({ ask, fragment, later, address }) => customElements.define("auto-save", class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.status = this.querySelector("[data-status]");
    this.key = `draft:${location.pathname}`;
    this.texts = [...this.form.querySelectorAll("textarea")];
    this.offerDraft();
    const save = later(() => this.save(), 1200);
    this.form.addEventListener("input", () => { this.keep(); save(); });
    this.form.addEventListener("submit", (event) => this.leave(event));
    addEventListener("pageshow", () => { this.isLeaving = false; });
    addEventListener("online", () => this.isDirty && this.save());
    addEventListener("beforeunload", (event) => this.isDirty && event.preventDefault());
  }

  say(text) { if (this.status.textContent !== text) this.status.textContent = text; }

  keep() {
    this.isDirty = true;
    this.say(this.dataset.dirty);
    try { localStorage.setItem(this.key, JSON.stringify(this.texts.map((area) => area.value))); } catch { /* private window */ }
  }

  offerDraft() {
    let draft;
    try { draft = JSON.parse(localStorage.getItem(this.key)); } catch { return; }
    if (!draft || draft.every((text, at) => text === this.texts[at]?.value)) return;
    const offer = this.querySelector("[data-draft]");
    offer.hidden = false;
    offer.querySelector("[data-restore]").addEventListener("click", () => {
      draft.forEach((text, at) => { if (this.texts[at]) this.texts[at].value = text; });
      offer.hidden = true;
      this.form.dispatchEvent(new Event("input"));
    });
  }

  // A save still on its way changes the version: the form waits for it, or it would conflict with itself.
  leave(event) {
    if (this.saving) {
      event.preventDefault();
      this.saving.then(() => this.form.requestSubmit(event.submitter));
      return;
    }
    this.isDirty = false;
    this.isLeaving = true;
  }

  async save() {
    if (this.isLeaving) return;
    this.saving = this.send();
    await this.saving;
    this.saving = null;
  }

  async send() {
    const sent = JSON.stringify(this.texts.map((area) => area.value));
    const answer = await ask(address(this.form), { method: "POST", body: new FormData(this.form) }).catch(() => null);
    if (!answer) return this.say(this.dataset.offline);
    if (answer.status === 409) return this.say(this.dataset.conflict);
    if (!answer.ok) return this.say(this.dataset.refused);
    const saved = await answer.json();
    this.form.elements.version.value = saved.version;
    if (sent === JSON.stringify(this.texts.map((area) => area.value))) {
      this.isDirty = false;
      localStorage.removeItem(this.key);
    }
    const preview = this.querySelector("[data-preview]");
    if (preview && saved.html !== undefined) preview.replaceChildren(fragment(saved.html));
    this.say(`${this.dataset.saved} ${saved.saved_at}`);
  }
});

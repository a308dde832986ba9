// Offers known names while one is typed. What is typed is kept, known or not: the server looks again.
export default ({ ask, later }) => {
  for (const input of document.querySelectorAll("[data-suggestions]")) {
    const list = document.createElement("datalist");
    list.id = `${input.id}-noms`;
    input.after(list);
    input.setAttribute("list", list.id);
    input.setAttribute("autocomplete", "off");
    input.addEventListener("input", later(async () => {
      if (input.value.trim().length < 2) return;
      const answer = await ask(`${input.dataset.suggestions}?q=${encodeURIComponent(input.value)}`).catch(() => null);
      if (!answer?.ok) return;
      const [found] = Object.values(await answer.json());
      list.replaceChildren(...found.map(({ label }) => Object.assign(document.createElement("option"), { value: label })));
    }, 200));
  }
};

// Asks before what cannot be undone, in the browser's own dialog.
export default () => document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (!button || button.dataset.confirmed) return;
  event.preventDefault();
  const dialog = document.getElementById("confirm-dialog").content.cloneNode(true).firstElementChild;
  const yes = dialog.querySelector("[value=yes]");
  dialog.querySelector("p").textContent = button.dataset.confirm;
  yes.textContent = button.textContent.trim();
  yes.classList.toggle("danger", button.classList.contains("danger"));
  dialog.addEventListener("close", () => {
    dialog.remove();
    button.focus();
    if (dialog.returnValue !== "yes") return;
    button.dataset.confirmed = "yes";
    button.click();
    delete button.dataset.confirmed;
  });
  document.body.append(dialog);
  dialog.showModal();
});

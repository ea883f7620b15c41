// Copies an address, and keeps the preview of a personal calendar in step with its form.
for (const button of document.querySelectorAll("[data-copy]")) {
  const address = document.querySelector("[data-address]");
  button.addEventListener("click", async () => {
    address.select();
    try {
      await navigator.clipboard.writeText(address.value);
      button.textContent = button.dataset.copied;
    } catch {
      // The browser refuses: the address is selected, to be copied by hand.
    }
  });
}

const builder = document.querySelector("[data-builder]");
if (builder) builder.addEventListener("change", ({ target }) => {
  if (target.matches("[type=checkbox], select") && builder.querySelector("[name=group]:checked, [name=room]:checked")) builder.requestSubmit(builder.querySelector("button"));
});

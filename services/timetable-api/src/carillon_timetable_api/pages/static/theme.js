// Runs before anything is shown: which appearance was chosen on this device, and that scripts run.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  let theme = "auto";
  try {
    theme = localStorage.getItem("theme") ?? "auto";
  } catch {
    // Storage is switched off: the system's appearance it is.
  }
  if (theme !== "auto") root.dataset.theme = theme;
})();

// Dialogs. A button with data-dialog="ID" opens the <dialog> of that id. A <details> that holds a dialog (ui.Confirm)
// opens it in place without this script; with it the dialog comes to the front. Escape, the buttons of a
// <form method="dialog"> and a press outside of the box close it, and focus goes back to what opened it.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog], [data-confirm] > summary");
  if (opener) {
    const dialog = opener.dataset.dialog
      ? document.getElementById(opener.dataset.dialog)
      : opener.parentElement.querySelector("dialog");
    if (!dialog) return;
    event.preventDefault();
    show(dialog, opener);
  } else if (event.target.matches("dialog:modal")) {
    event.target.close(); // what is pressed inside of the box is an element in the dialog
  }
});

function show(dialog, opener) {
  const inPlace = dialog.closest("details[data-confirm]");
  if (inPlace) {
    inPlace.open = true;
    dialog.open = false; // it stands open in the page's source, for browsers without scripts
  }
  dialog.returnValue = "";
  dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus(); // what lay in a closed <details> is drawn too late for the browser
  dialog.addEventListener("close", () => {
    if (inPlace) {
      inPlace.open = false;
      dialog.open = true;
    }
    if (opener.isConnected) opener.focus();
  }, { once: true });
}

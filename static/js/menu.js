// Menus are <details class="menu-box">: they open and close without this. With it a press elsewhere or Escape closes
// them too, and Escape gives the focus back to what opened them.
const open = () => document.querySelectorAll("details.menu-box[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

// Menus are <details class="menu-box"> of one name, of which the browser keeps one open at a time; their buttons open
// and close them without this. With it a press elsewhere, tabbing out and Escape close them too, and Escape gives the
// focus back to what opened them.
const open = () => document.querySelectorAll("details.menu-box[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.menu-box[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    event.preventDefault(); // it is answered: nothing else happens to the page
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

// Keeps "23/80" true while one types, as the server writes it first (ui.Field.Most): characters as people count them,
// without the spaces around, in the element whose id is that of the field and "-count".
document.addEventListener("input", ({ target }) => {
  const counter = target.dataset?.most && document.getElementById(`${target.id}-count`);
  if (!counter) return;
  const typed = [...target.value.trim()].length;
  counter.querySelector("[data-count]").textContent = `${typed}/${target.dataset.most}`;
  counter.classList.toggle("counter-over", typed > Number(target.dataset.most));
});

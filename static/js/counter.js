// Keeps "23 of 80" true while one types. The server writes it first: <span data-counter="ID of the field">.
document.addEventListener("input", (event) => {
  const { id, value, maxLength } = event.target;
  const counter = id && document.querySelector(`[data-counter="${CSS.escape(id)}"]`);
  if (counter) counter.textContent = `${[...value].length} of ${maxLength}`;
});

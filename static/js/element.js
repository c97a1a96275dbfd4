// element makes an element with attributes; a function among them listens to that event, true stands for an empty
// attribute, false and undefined for none.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(attribute, value);
    else if (value !== false && value !== undefined) made.setAttribute(attribute, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

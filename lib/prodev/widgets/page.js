// What every widget of the course needs in the page; it stands before the widget's own script.

let widgets = 0;

function unique(name) {
  return `prodev-${name}-${Date.now().toString(36)}-${++widgets}`;
}

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// Arrows and letters are shortcuts of the notebook; Escape goes to the card's cell, Tab on from here.
function keepKeys(event) {
  if (event.key === "Escape") event.currentTarget.closest(".jp-Cell")?.focus();
  if (event.key === "Escape" || event.key === "Tab" || event.ctrlKey || event.metaKey) return;
  event.stopPropagation();
}

// With a kernel it is kept in the model; without one, what can't be saved is simply not saved.
function save(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  try {
    model.save_changes();
  } catch (error) {
    console.debug("This is not saved: no kernel is connected.", error);
  }
}


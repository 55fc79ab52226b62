/** Lights the column under the pointer, or with the focus, wherever it stands in the view. */
export function lightColumns(view: HTMLElement): void {
  const light = (event: Event): void => {
    const from = event.target instanceof Element ? event.target.closest("[data-column]") : null;
    const column = from?.getAttribute("data-column") ?? undefined;
    for (const place of view.querySelectorAll("[data-column]")) {
      const lit = column !== undefined && place.getAttribute("data-column") === column;
      place.classList.toggle("lit", lit);
      if (lit && place !== from && place.matches(".definition")) scrollWithin(place);
    }
  };
  view.addEventListener("mouseover", light);
  view.addEventListener("focusin", light);
  view.addEventListener("mouseleave", light);
}

/** Brings a definition into its pane's sight without moving anything else. */
function scrollWithin(definition: Element): void {
  const pane = definition.closest("pre");
  if (pane === null) return;
  const here = definition.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (here.top < frame.top) pane.scrollTop -= frame.top - here.top + 8;
  else if (here.bottom > frame.bottom) pane.scrollTop += here.bottom - frame.bottom + 8;
}

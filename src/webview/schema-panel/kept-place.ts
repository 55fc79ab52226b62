/** Puts the focus and what was scrolled back where they were, once a view has been made anew. */
export function keptPlace(content: HTMLElement): (again: boolean) => void {
  const focused = document.activeElement instanceof HTMLElement && content.contains(document.activeElement) ? document.activeElement : undefined;
  const column = focused?.closest("[data-column]")?.getAttribute("data-column") ?? undefined;
  const scrolled = [".columns", ".ddl:first-child pre", ".ddl:last-child pre"].map((part) => ({ part, top: content.querySelector(part)?.scrollTop ?? 0, left: content.querySelector(part)?.scrollLeft ?? 0 }));
  const top = content.scrollTop;
  return (again) => {
    // Of another table there is nothing to go back to.
    content.scrollTop = again ? top : 0;
    if (!again) return;
    for (const { part, top: partTop, left } of scrolled) content.querySelector(part)?.scrollTo(left, partTop);
    if (column === undefined) return;
    const row = [...content.querySelectorAll("tr[data-column]")].find((each) => each.getAttribute("data-column") === column);
    row?.querySelector<HTMLElement>(".picker")?.focus({ preventScroll: true });
  };
}

/** Attributes by name; `true` sets an empty one, `false` and undefined leave it out. */
export type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** Makes an element with attributes and children; texts become text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, attributes?: Attributes, ...children: readonly (Node | string)[]): HTMLElementTagNameMap[K];
export function element(tag: string, attributes?: Attributes, ...children: readonly (Node | string)[]): HTMLElement;
export function element(tag: string, attributes: Attributes = {}, ...children: readonly (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (typeof value === "string") made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Puts values into a text's `{0}`, `{1}`. */
export function fill(text: string, ...values: readonly string[]): string {
  return text.replace(/\{(\d)\}/g, (place, number: string) => values[Number(number)] ?? place);
}

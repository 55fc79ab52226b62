/** Milliseconds after which typing begins a new word. */
const pause = 700;

/** Collects what is typed into a list, as lists do: letters in quick succession are one word. */
export interface TypeAhead {
  /** The place of the name that the typed text leads to, from the one behind `current` on; undefined for keys that are no text, and for no match. */
  find(event: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean; readonly altKey: boolean; readonly timeStamp: number }, names: readonly string[], current: number): number | undefined;
}

export function typeAhead(): TypeAhead {
  let typed = "";
  let last = 0;
  return {
    find({ key, ctrlKey, metaKey, altKey, timeStamp }, names, current) {
      if (!/^\S$/u.test(key) || ctrlKey || metaKey || altKey) return undefined;
      typed = timeStamp - last > pause ? key : typed + key;
      last = timeStamp;
      const [letter = ""] = typed.toLowerCase().match(/./gu) ?? [];
      // The same letter again goes from one name to the next; a longer word stays where it holds.
      const same = typed.toLowerCase().replaceAll(letter, "") === "";
      const word = same ? letter : typed.toLowerCase();
      for (let step = same ? 1 : 0; step <= names.length; step++) {
        const at = (Math.max(current, 0) + step) % names.length;
        if (names[at]?.toLowerCase().startsWith(word) === true) return at;
      }
      return undefined;
    },
  };
}

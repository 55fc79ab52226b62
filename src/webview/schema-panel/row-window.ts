/** The rows of a long list that are made: those on screen and some around them. */
export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): { readonly from: number; readonly to: number } {
  const around = 8;
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - around);
  return { from: Math.min(from, Math.max(0, count - 1)), to: Math.min(count, Math.ceil((scrollTop + Math.max(height, rowHeight)) / rowHeight) + around) };
}

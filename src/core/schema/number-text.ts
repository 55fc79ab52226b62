/** A number with its thousands separated, whatever the machine's locale. */
export function numberText(value: number | bigint): string {
  const [whole = "", fraction] = value.toString().split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction === undefined ? "" : `.${fraction}`);
}

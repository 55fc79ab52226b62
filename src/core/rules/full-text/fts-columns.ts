/** The columns of a full-text table by its module's arguments, or why they cannot be told. */
export function ftsColumns(args: readonly string[]): { readonly columns: readonly string[] } | { readonly reason: string } {
  const columns: string[] = [];
  for (const arg of args) {
    const option = /^\s*(\w+)\s*=\s*([\s\S]*)$/.exec(arg);
    if (option !== null) {
      const [, name = "", value = ""] = option;
      if (/^content$/i.test(name)) return { reason: /^(?:''|"")?$/.test(value.trim()) ? "it keeps no texts of its own (content='')" : `its texts are in the table ${value.trim().replace(/^['"]|['"]$/g, "")}: give that table the tsvector column` };
      continue;
    }
    const column = /^\s*(?:(["`])(.+?)\1|\[([^\]]+)\]|[A-Za-z_]\w*)/.exec(arg)?.[0].trim().replace(/^["`[]|["`\]]$/g, "");
    if (column === undefined) return { reason: `its argument ${arg.trim()} is not understood` };
    columns.push(column);
  }
  return columns.length === 0 ? { reason: "it names no columns" } : { columns };
}

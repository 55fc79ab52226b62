/**
 * The text of a new cutover.json: what is needed, with what may be added in comments. `source` is relative to the folder.
 * It names no `$schema`: the extension contributes the schema by the file's name, and an address in the file would win over it.
 */
export function configText(source: string): string {
  return `{
  // What your team decides about the move from SQLite to PostgreSQL. Commit this file.

  // "both": the code runs on SQLite and on PostgreSQL, switched by DB_TYPE. "postgres": SQLite is left behind.
  "mode": "both",

  // Each move: a SQLite file, and the PostgreSQL it goes to. "embedded" is one that Cutover brings along, for trying;
  // "env:DATABASE_URL" is the server that the environment (or .env) names. Passwords do not belong here.
  "databases": [
    { "source": ${JSON.stringify(source)}, "target": "embedded" }
  ]

  // Types that you decide yourself, by table and column:
  // "overrides": { "orders.total": "numeric" },

  // Files that are not looked at:
  // "ignore": ["vendor/**"]
}
`;
}

import Database from "better-sqlite3";

// A process of its own that writes to a database as fast as it can until its standard input ends. Every transaction keeps what `writer.test.ts` asks for: the
// sum of all balances, a counter that says how many transfers there are, a checksum of these, and texts that say what they belong to.
const [path = "", mode = "", checkpoints = ""] = process.argv.slice(2);

const db = new Database(path, { timeout: 60_000 });
db.pragma(`journal_mode = ${mode}`);
db.pragma("synchronous = off");
if (checkpoints === "none") db.pragma("wal_autocheckpoint = 0");

const accounts = Number(db.prepare("SELECT count(*) FROM account").pluck().get());
const take = db.prepare("UPDATE account SET balance = balance - ?, moves = moves + 1, note = 'moved ' || (moves + 1) WHERE id = ?");
const add = db.prepare("INSERT INTO transfer (id, source, target, amount, detail) VALUES (?, ?, ?, ?, ?)");
const drop = db.prepare("DELETE FROM transfer WHERE id = ? AND amount < 100");
const count = db.prepare("UPDATE counter SET n = ?, kept = kept + 1 - ?, total = total + ?");
let n = Number(db.prepare("SELECT n FROM counter").pluck().get());
let longest = 0;
let ended = false;
process.stdin.on("end", () => {
  ended = true;
});
process.stdin.resume();

const move = db.transaction((source: number, target: number, amount: number) => {
  take.run(amount, source);
  take.run(-amount, target);
  n++;
  add.run(n, source, target, amount, "x".repeat(n % 300));
  // Rows also go, and pages with them.
  count.run(n, drop.run(n - 5).changes, amount);
});

const started = n;
function some(): void {
  for (let i = 0; i < 20; i++) {
    const begun = performance.now();
    move.immediate(1 + ((n * 7) % accounts), 1 + ((n * 13 + 5) % accounts), 1 + (n % 500));
    longest = Math.max(longest, performance.now() - begun);
  }
  if (checkpoints === "truncate" && n % 200 === 0) db.pragma("wal_checkpoint(TRUNCATE)");
  if (n === started + 20) process.stdout.write("writing\n");
  if (!ended) {
    setImmediate(some);
    return;
  }
  process.stdout.write(`${JSON.stringify({ transactions: n - started, longest: Math.round(longest) })}\n`);
  db.close();
}
some();

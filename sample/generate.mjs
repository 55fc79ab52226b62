// Makes a database of the application and fills it:
//   node sample/generate.mjs --size small|seed|ROWS --out FILE [--seed 42]
// The same size and seed give the same rows; nothing depends on the clock.
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";

const USAGE = "usage: node sample/generate.mjs --size small|seed|ROWS --out FILE [--seed 42]";

// ---------------------------------------------------------------- sizes

/** Rows that every database has besides its bulk: enough to click through. */
const BASE = {
  workflows: 150, errors: 60, locks: 12, phases: 120, tools: 15, calls: 500, patterns: 40, occurrences: 300,
  events: 500, savings: 150, users: 60, employees: 60, staff: 40, people: 80, products: 80, data: 200,
  large: 200, files: 15, wide: 20,
  logBytes: 1200,
};

const SEED = {
  ...BASE,
  workflows: 8000, errors: 2500, phases: 1500, calls: 24000, patterns: 300, occurrences: 6000, events: 20000,
  savings: 4000, users: 400, employees: 300, staff: 200, people: 500, products: 400, data: 2000, large: 1000,
  wide: 100,
  logBytes: 5000,
};

const FIXED = { config: 8, special: 24 };

function totalOf(sizes) {
  let total = FIXED.config + FIXED.special;
  for (const [name, count] of Object.entries(sizes)) if (name !== "logBytes") total += count;
  return total;
}

/** The base, and everything above it in the four tables that grow in use. */
function sizesOf(wanted) {
  if (wanted === "small") return BASE;
  if (wanted === "seed") return SEED;
  const rows = Number(wanted);
  const extra = rows - totalOf(BASE);
  if (!Number.isSafeInteger(rows) || extra < 0) {
    fail(`--size must be small, seed or a number of rows of at least ${totalOf(BASE)}`);
  }
  const part = (share) => Math.floor(extra * share);
  const calls = part(0.35), events = part(0.3), occurrences = part(0.2);
  return {
    ...BASE,
    calls: BASE.calls + calls,
    events: BASE.events + events,
    occurrences: BASE.occurrences + occurrences,
    large: BASE.large + extra - calls - events - occurrences,
  };
}

function fail(message) {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

// ---------------------------------------------------------------- chance

let state = 0;

/** A number from 0 up to, not including, 1 (mulberry32). */
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const below = (limit) => Math.floor(random() * limit);
const between = (low, high) => low + below(high - low + 1);
const pick = (list) => list[below(list.length)];
const chance = (share) => random() < share;
const flag = (share) => (chance(share) ? 1 : 0);
const maybe = (share, make) => (chance(share) ? make() : null);
const hex = (digits) => {
  let text = "";
  while (text.length < digits) text += below(0x1000000).toString(16).padStart(6, "0");
  return text.slice(0, digits);
};
const bytes = (length) => {
  const buffer = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i += 1) buffer[i] = below(256);
  if (length > 0) buffer[0] = 0;
  return buffer;
};
const words = (count) => Array.from({ length: count }, () => pick(WORDS)).join(" ");

// ---------------------------------------------------------------- time

const START = Date.UTC(2025, 0, 1) / 1000;
const DAYS = 320;

const at = (seconds) => new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19).replace("T", " ");
/** The moment of the i-th of n things that happen over the whole time. */
const spread = (i, n) => START + ((i + random()) / n) * DAYS * 86400;
const someTime = () => at(START + below(DAYS * 86400));

// ---------------------------------------------------------------- vocabulary

const WORDS = (
  "add button dialog export import filter table query upload preview error message retry queue phase branch commit " +
  "review test build lint format schema index cache token cost model prompt issue webhook worker lock session history " +
  "chart legend tooltip keyboard contrast locale Größe naïve café データ проверка résumé emoji ✅ 🚀 O'Brien \"quoted\""
).split(" ");
const PHASES = ["plan", "build", "lint", "test", "review", "document", "ship"];
const MODELS = ["haiku", "sonnet", "opus"];
const TEMPLATES = ["adw_sdlc", "adw_plan_build", "adw_plan_build_test", "adw_patch"];
const TOOLS = [
  "run_tests", "run_build", "run_lint", "format_code", "git_commit", "git_diff", "open_pr", "read_file", "write_file",
  "search_code", "update_deps", "render_docs", "take_screenshot", "check_types", "measure_bundle",
];
const COMMANDS = ["ls -la", "git status", "git diff --stat", "pytest -x", "npm run build", "rg TODO", "cat README.md"];
const ERRORS = [
  "Error: build failed with code 2", "TypeError: cannot read 'id' of undefined", "error: lock file is out of date",
  "Timeout after 300 s", "AssertionError: 3 != 4", "ERROR: relation \"users\" is missing", "Disk 100% full",
];
const FIRST = ["Ada", "Björn", "Chloé", "Dmitri", "Emi", "Fatima", "George", "Hanna", "Ivo", "José", "Kofi", "Lin"];
const LAST = ["Okafor", "O'Neil", "Müller", "Nguyễn", "Silva", "Ivanova", "Smith", "de la Cruz", "Sato", "Jensen"];
const DEPARTMENTS = ["Engineering", "Finance", "Legal", "People", "Research", "Support"];
const CITIES = ["Zürich", "São Paulo", "Kraków", "Nairobi", "Osaka", "Reykjavík", null];

const LOG_LINES = [
  () => `[info] phase ${pick(PHASES)} took ${between(1, 900)} s`,
  () => `[tool] ${pick(TOOLS)} ${hex(8)} -> ${between(0, 2)}`,
  () => `[model] ${between(100, 90000)} tokens, ${words(6)}`,
  () => `[error] ${pick(ERRORS)}`,
  () => `  at src/${pick(WORDS)}/${pick(WORDS)}.ts:${between(1, 400)}:${between(1, 80)}`,
  () => `$ ${pick(COMMANDS)} # ${hex(16)}`,
  () => `diff --git a/${hex(6)}.py b/${hex(6)}.py\n+    return "${words(3)}"\n-\treturn None`,
];

function log(length) {
  const lines = [];
  for (let size = 0; size < length; ) {
    const line = pick(LOG_LINES)();
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join("\n");
}

// ---------------------------------------------------------------- tables

const byPhase = (make) => Object.fromEntries(PHASES.slice(0, between(2, 7)).map((phase) => [phase, make()]));
const dollars = (limit) => Math.round(random() * limit * 10000) / 10000;
const json = (value) => JSON.stringify(value);

function fill(db, sizes) {
  const statements = new Map();
  const insert = (table, row) => {
    const key = `${table}:${Object.keys(row)}`;
    if (!statements.has(key)) {
      const names = Object.keys(row);
      statements.set(
        key,
        db.prepare(`INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`),
      );
    }
    statements.get(key).run(...Object.values(row));
  };
  const adwIds = workflows(insert, sizes);
  errors(insert, sizes, adwIds);
  locksAndPhases(insert, sizes, adwIds);
  toolsAndCalls(insert, sizes, adwIds);
  patterns(insert, sizes, adwIds);
  events(insert, sizes, adwIds);
  directory(insert, sizes);
  uploads(insert, sizes);
  special(insert);
}

function workflows(insert, sizes) {
  const ids = [];
  for (let i = 0; i < sizes.workflows; i += 1) {
    const created = spread(i, sizes.workflows);
    const status = pick(["completed", "completed", "completed", "completed", "failed", "failed", "cancelled", "running", "pending"]);
    const started = status === "pending" ? null : created + between(1, 600);
    const ended = started === null || status === "running" ? null : started + between(20, 7200);
    const [input, output, hit, miss] = [between(500, 400000), between(100, 60000), between(0, 90000), between(1, 30000)];
    const cost = dollars(12);
    const archived = ended !== null && chance(0.2);
    const adwId = `adw-${hex(8)}-${i}`;
    ids.push(adwId);
    insert("workflow_history", {
      adw_id: adwId,
      issue_number: maybe(0.95, () => between(1, 900)),
      issue_title: maybe(0.95, () => words(between(3, 8))),
      nl_input: words(between(8, 40)),
      github_url: maybe(0.9, () => `https://git.example.org/acme/app/issues/${between(1, 900)}`),
      gh_issue_state: maybe(0.9, () => pick(["open", "closed"])),
      pr_number: maybe(0.5, () => between(1000, 4000)),
      branch_name: maybe(0.9, () => `feature/${pick(WORDS.slice(0, 30))}-${hex(4)}`),
      workflow_template: pick(TEMPLATES),
      model_used: maybe(0.97, () => pick(MODELS)),
      status,
      start_time: started === null ? null : at(started),
      end_time: ended === null ? null : at(ended),
      duration_seconds: ended === null ? null : Math.floor(ended) - Math.floor(started),
      idle_time_seconds: ended === null ? null : between(0, 500),
      hour_of_day: new Date(created * 1000).getUTCHours(),
      day_of_week: new Date(created * 1000).getUTCDay(),
      error_message: status === "failed" ? pick(ERRORS) : null,
      error_category: status === "failed" ? pick(["build", "test", "network", "quota"]) : null,
      retry_count: pick([0, 0, 0, 1, 2, 5]),
      phase_count: between(2, 7),
      current_phase: status === "running" ? pick(PHASES) : null,
      bottleneck_phase: maybe(0.6, () => pick(PHASES)),
      phase_durations: maybe(0.8, () => json(byPhase(() => between(1, 900)))),
      success_rate: maybe(0.8, random),
      worktree_path: `trees/${adwId}`,
      backend_port: between(9100, 9114),
      frontend_port: between(9200, 9214),
      concurrent_workflows: between(0, 5),
      input_tokens: input,
      output_tokens: output,
      cached_tokens: hit + miss,
      cache_hit_tokens: hit,
      cache_miss_tokens: miss,
      total_tokens: input + output + hit + miss,
      cache_efficiency_percent: (hit * 100) / (hit + miss),
      estimated_cost_total: dollars(12),
      actual_cost_total: cost,
      cost_breakdown: maybe(0.8, () => json(byPhase(() => dollars(3)))),
      token_breakdown: json({ input, output, cache: { hit, miss } }),
      complexity_score: maybe(0.7, () => between(1, 100) / 10),
      quality_score: maybe(0.7, () => random() * 100),
      efficiency_score: maybe(0.7, () => random() * 100),
      structured_input: json({ request: words(6), labels: [pick(WORDS), pick(WORDS)], urgent: chance(0.1), limit: null }),
      structured_output: ended === null ? null : json({ files: between(1, 40), summary: words(12), ratio: random() }),
      anomaly_flags: maybe(0.3, () => json(chance(0.5) ? [] : ["cost", "duration"])),
      tags: json(Array.from({ length: below(4) }, () => pick(WORDS))),
      execution_log: started === null ? null : log(between(sizes.logBytes >> 1, sizes.logBytes + (sizes.logBytes >> 1))),
      is_archived: archived ? 1 : 0,
      is_dry_run: flag(0.05),
      created_at: at(created),
      updated_at: at(ended ?? started ?? created),
      archived_at: archived ? at(ended + between(3600, 864000)) : null,
    });
  }
  return ids;
}

function errors(insert, sizes, adwIds) {
  for (let i = 0; i < sizes.errors; i += 1) {
    const occurred = spread(i, sizes.errors);
    const resolved = chance(0.7);
    insert("workflow_errors", {
      adw_id: pick(adwIds),
      phase: pick(PHASES),
      severity: pick(["warning", "error", "error", "fatal"]),
      message: pick(ERRORS),
      context: maybe(0.5, () => json({ file: `${pick(WORDS)}.py`, line: between(1, 500), tail: words(4) })),
      is_resolved: resolved ? 1 : 0,
      occurred_at: at(occurred),
      resolved_at: resolved ? at(occurred + between(10, 100000)) : null,
    });
  }
}

function locksAndPhases(insert, sizes, adwIds) {
  for (let i = 0; i < sizes.locks; i += 1) {
    const acquired = spread(i, sizes.locks);
    insert("adw_locks", {
      issue_number: 10 + i * 7,
      adw_id: pick(adwIds),
      status: pick(["planning", "building", "testing", "reviewing", "documenting"]),
      github_url: maybe(0.8, () => `https://git.example.org/acme/app/issues/${10 + i * 7}`),
      hostname: `worker-${between(1, 4)}`,
      process_id: between(300, 60000),
      acquired_at: at(acquired),
      expires_at: maybe(0.7, () => at(acquired + between(600, 7200))),
      updated_at: at(acquired + between(0, 500)),
    });
  }
  for (let i = 0; i < sizes.phases; i += 1) {
    const created = spread(i, sizes.phases);
    const number = (i % 5) + 1;
    const status = pick(["completed", "completed", "completed", "pending", "ready", "running", "failed"]);
    const ready = status === "pending" ? null : created + between(1, 9000);
    insert("phase_queue", {
      parent_issue: i % 40 === 39 ? null : 1000 + Math.floor(i / 5),
      phase_number: number,
      issue_number: maybe(0.5, () => between(1, 900)),
      status,
      depends_on_phase: number > 1 ? number - 1 : null,
      phase_data: maybe(0.95, () => json({ title: words(4), docs: [`${pick(WORDS)}.md`], estimate: { hours: random() * 8 } })),
      error_message: status === "failed" ? pick(ERRORS) : null,
      is_paused: flag(0.1),
      created_at: at(created),
      updated_at: at(ready ?? created),
      priority: pick([10, 50, 50, 50, 70, 90]),
      queue_position: i + 1,
      ready_timestamp: ready === null ? null : at(ready),
      started_at: ready === null || status === "ready" ? null : at(ready + between(1, 300)),
    });
  }
  const settings = [
    ["max_parallel", "3", "integer"], ["auto_start", "true", "boolean"], ["default_model", "sonnet", "string"],
    ["retry_limit", "5", "integer"], ["greeting", "Grüß \"Gott\"", "string"], ["empty_text", "", "string"],
    ["dry_run", "false", "boolean"], ["old_setting", "7", "integer"],
  ];
  settings.forEach(([key, value, type], i) => {
    insert("queue_config", {
      config_key: key, config_value: value, value_type: type, is_active: key === "old_setting" ? 0 : 1,
      updated_at: at(START + i * 3600),
    });
  });
}

function toolsAndCalls(insert, sizes, adwIds) {
  for (let i = 0; i < sizes.tools; i += 1) {
    insert("adw_tools", {
      tool_name: TOOLS[i],
      description: words(7),
      script_path: `adws/tools/${TOOLS[i]}.py`,
      input_patterns: json([`${TOOLS[i].split("_")[0]}*`, words(2)]),
      output_format: maybe(0.7, () => json({ type: "object", fields: ["ok", "detail"] })),
      status: pick(["active", "active", "active", "experimental", "deprecated"]),
      enabled: flag(0.85),
      total_invocations: between(0, 5000),
      avg_duration_ms: maybe(0.8, () => between(5, 90000)),
      avg_cost_usd: maybe(0.8, () => dollars(0.2)),
      created_at: someTime(),
      updated_at: someTime(),
    });
  }
  for (let i = 0; i < sizes.calls; i += 1) {
    const called = spread(i, sizes.calls);
    const success = chance(0.92);
    const duration = maybe(0.98, () => between(1, 120000));
    insert("tool_calls", {
      tool_call_id: `call-${hex(12)}-${i}`,
      workflow_id: pick(adwIds),
      tool_name: pick(TOOLS),
      tool_params: json({ path: `src/${pick(WORDS)}`, command: pick(COMMANDS), recursive: chance(0.5) }),
      result_data: duration === null ? null : json({ ok: success, lines: between(0, 900), head: words(3) }),
      called_at: at(called),
      completed_at: duration === null ? null : at(called + duration / 1000),
      duration_ms: duration,
      success: success ? 1 : 0,
      error_message: success ? null : pick(ERRORS),
      tokens_saved: between(0, 9000),
      cost_saved_usd: dollars(0.5),
    });
  }
}

function patterns(insert, sizes, adwIds) {
  const types = ["test", "build", "format", "git", "deps", "docs"];
  for (let i = 0; i < sizes.patterns; i += 1) {
    const first = spread(i, sizes.patterns);
    const status = pick(["detected", "detected", "candidate", "approved", "implemented", "deprecated"]);
    insert("operation_patterns", {
      pattern_signature: `${types[i % 6]}:${pick(TOOLS)}:${i}`,
      pattern_type: types[i % 6],
      automation_status: status,
      typical_operations: maybe(0.9, () => json([pick(TOOLS), pick(TOOLS)])),
      occurrence_count: between(1, 400),
      avg_tokens: maybe(0.8, () => random() * 50000),
      avg_cost_usd: maybe(0.8, () => dollars(1)),
      confidence_score: between(100, 1000) / 10,
      is_automatable: status === "approved" || status === "implemented" ? 1 : 0,
      reviewed_by: status === "approved" ? `${pick(FIRST)} ${pick(LAST)}` : null,
      first_seen_at: at(first),
      last_seen_at: at(first + between(0, 5000000)),
    });
  }
  // A pattern is seen once in a workflow: the workflow's number grows with every round over the patterns
  for (let i = 0; i < sizes.occurrences; i += 1) {
    const round = Math.floor(i / sizes.patterns);
    insert("pattern_occurrences", {
      pattern_id: (i % sizes.patterns) + 1,
      workflow_id: round < adwIds.length ? adwIds[round] : `adw-gone-${round}`,
      similarity_score: Math.round(random() * 1000) / 10,
      matched_characteristics: maybe(0.8, () => json({ files: between(1, 30), keywords: [pick(WORDS), pick(WORDS)], strict: chance(0.5) })),
      detected_at: at(spread(i, sizes.occurrences)),
    });
  }
  for (let i = 0; i < sizes.savings; i += 1) {
    const baseline = between(1000, 90000);
    insert("cost_savings_log", {
      optimization_type: pick(["tool_call", "input_split", "pattern_offload", "inverted_flow"]),
      workflow_id: pick(adwIds),
      pattern_id: maybe(0.5, () => between(1, sizes.patterns)),
      baseline_tokens: baseline,
      actual_tokens: Math.floor(baseline * random()),
      cost_saved_usd: dollars(2),
      is_estimated: flag(0.3),
      notes: maybe(0.3, () => words(6)),
      created_at: at(spread(i, sizes.savings)),
    });
  }
}

function events(insert, sizes, adwIds) {
  for (let i = 0; i < sizes.events; i += 1) {
    const created = spread(i, sizes.events);
    const processed = chance(0.9);
    insert("hook_events", {
      event_type: pick(["PreToolUse", "PreToolUse", "PostToolUse", "PostToolUse", "UserPromptSubmit", "SessionStart", "Stop"]),
      session_id: `session-${Math.floor(i / 40)}`,
      workflow_id: maybe(0.9, () => pick(adwIds)),
      tool_name: maybe(0.7, () => pick(TOOLS)),
      payload: json({ command: pick(COMMANDS), cwd: `trees/${hex(8)}`, env: { LANG: "C.UTF-8", n: between(-5, 5) }, note: words(4) }),
      processed: processed ? 1 : 0,
      processed_at: processed ? at(created + between(1, 60)) : null,
      created_at: at(created),
    });
  }
}

function directory(insert, sizes) {
  for (let i = 0; i < sizes.users; i += 1) {
    const [first, last] = [pick(FIRST), pick(LAST)];
    insert("users", {
      name: `${first} ${last}`,
      email: `${chance(0.5) ? "User" : "user"}.${i}@example.org`,
      bio: pick([null, "", words(8), `${words(3)}\n${words(3)}`]),
      is_active: flag(0.85),
      is_admin: flag(0.1),
      login_count: between(0, 400),
      last_login_at: maybe(0.8, someTime),
      created_at: at(spread(i, sizes.users)),
    });
  }
  for (let i = 0; i < sizes.employees; i += 1) {
    insert("employees", {
      id: 100 + i,
      name: `${pick(FIRST)} ${pick(LAST)}`,
      department: pick(DEPARTMENTS),
      salary: between(3000000, 18000000) / 100,
      manager_id: i < 3 ? null : 100 + below(Math.min(i, 20)),
      is_remote: flag(0.4),
      hired_at: at(START - below(3000) * 86400),
    });
  }
  for (let i = 0; i < sizes.staff; i += 1) {
    insert("staff", {
      employee_id: maybe(0.9, () => 100 + below(sizes.employees)),
      badge: `B-${String(i).padStart(5, "0")}`,
      title: pick(["Lead", "Tester", "Writer", "Operator"]),
      on_duty: flag(0.6),
    });
  }
  for (let i = 0; i < sizes.people; i += 1) {
    insert("people", {
      id: i + 1,
      first_name: pick(FIRST),
      last_name: pick(LAST),
      city: pick(CITIES),
      age: maybe(0.9, () => between(18, 90)),
      nickname: pick([null, null, "", "ace", "Zed", "mini"]),
    });
  }
}

const BIG = [9223372036854775807n, -9223372036854775808n, 9223372036854775806n, -9223372036854775807n, 9007199254740993n, 0n, -1n];

function uploads(insert, sizes) {
  for (let i = 0; i < sizes.products; i += 1) {
    insert("products", {
      id: i + 1,
      sku: `SKU-${String(i).padStart(6, "0")}`,
      name: words(between(1, 3)),
      description: pick([null, "", words(12)]),
      price: between(0, 500000) / 100,
      stock: between(0, 300),
      is_listed: flag(0.9),
      attributes: maybe(0.8, () => json({ colour: pick(["red", "green", "blue"]), sizes: [between(1, 9), between(10, 20)], weight: random() })),
      created_at: someTime(),
    });
  }
  for (let i = 0; i < sizes.data; i += 1) {
    insert("data", {
      series: `series-${Math.floor(i / 50)}`,
      position: i % 50,
      value: pick([null, random(), random() * 1e12, random() * 1e-9, 0.1 + 0.2, -2.5]),
      label: pick([null, "", "ok", "late", "Error"]),
      recorded_at: maybe(0.9, someTime),
    });
  }
  for (let i = 0; i < sizes.large; i += 1) {
    insert("large", {
      batch: Math.floor(i / 100),
      big_value: i % 10 < BIG.length ? BIG[i % 10] : BigInt(below(1e9)) * 8589934592n - BigInt(below(1e9)) * 4294967296n,
      ratio: maybe(0.9, random),
      label: pick([null, "", words(2)]),
      content: maybe(0.8, () => bytes(between(0, 64))),
      payload: maybe(0.9, () => json({ n: i, nested: { list: [between(0, 9), null, words(1)] }, ok: chance(0.5) })),
      is_valid: flag(0.95),
      created_at: at(spread(i, sizes.large)),
    });
  }
  for (let i = 0; i < sizes.files; i += 1) {
    const content = i % 3 === 0 ? Buffer.from(`id,name\n${i},"${words(2)}"\r\n`) : bytes(between(0, 3000));
    insert(`file${i % 5}`, {
      filename: `upload ${i}.${i % 3 === 0 ? "csv" : "bin"}`,
      content,
      byte_size: content.length,
      is_compressed: flag(0.3),
      uploaded_at: someTime(),
    });
  }
  for (let i = 0; i < sizes.wide; i += 1) {
    const row = { id: i + 1 };
    for (let column = 1; column <= 54; column += 1) {
      const name = `col_${String(column).padStart(2, "0")}`;
      const kind = column % 3;
      row[name] = maybe(0.9, () => (kind === 0 ? words(1) : kind === 1 ? between(-100000, 100000) : random() * 100));
    }
    insert("wide", row);
  }
}

function special(insert) {
  const rows = [
    ["null", null, null, null, null],
    ["empty", "", Buffer.alloc(0), 0n, 0.5],
    ["spaces", "  two before, two after  ", Buffer.from(" "), 1n, -0.25],
    ["single quotes", "O'Neil said 'no'", Buffer.from("'"), -1n, 0.1],
    ["double quotes", "\"quoted\"", Buffer.from("\""), 2n, 1e300],
    ["backslashes", "C:\\new\\table\\x41 \\. \\N", Buffer.from("\\"), 3n, 1e-300],
    ["line feed", "one\ntwo\n\nfour\n", Buffer.from("\n"), 2147483647n, 123456.789],
    ["carriage return", "one\r\ntwo\rthree", Buffer.from("\r\n"), 2147483648n, -123456.789],
    ["tabs", "a\tb\t\tc", Buffer.from("\t"), -2147483649n, 1 / 3],
    ["percent", "100% %s %(name)s %%", Buffer.from("%"), 4294967296n, 2 / 3],
    ["placeholders", "? ?1 :name @name $1 {0}", Buffer.from("?"), 9007199254740991n, 5e-324],
    ["separators", "a,b;c|d", Buffer.from(","), 9007199254740993n, 1.7976931348623157e308],
    ["comment", "-- not /* a */ comment", Buffer.from("--"), -9007199254740993n, 3.141592653589793],
    ["umlauts", "Größe, Straße, Ärger", Buffer.from("ß"), 9223372036854775806n, 2.718281828459045],
    ["greek", "Καλημέρα κόσμε", Buffer.from([0xff, 0xfe]), -9223372036854775807n, 1.5],
    ["cyrillic", "Съешь ещё этих", Buffer.from([0x80]), 9223372036854775807n, 2.5],
    ["japanese", "データベースの移行", Buffer.from([0xc3, 0x28]), -9223372036854775808n, 3.5],
    ["arabic", "قاعدة بيانات", Buffer.from([0xed, 0xa0, 0x80]), 7n, 4.5],
    ["emoji", "🎈🚀✅", Buffer.from([0xf0, 0x9f]), 8n, 5.5],
    ["joined emoji", "👩‍👩‍👧‍👦 🏳️‍🌈", Buffer.from([0]), 9n, 6.5],
    ["combining", "e\u0301 is not é", Buffer.from([0, 0, 0, 1]), 10n, 7.5],
    ["control", "bell \u0007 escape \u001b unit \u001f", Buffer.from(Array.from({ length: 256 }, (_, i) => i)), 11n, 8.5],
    ["zero width", "a\u200bb\ufeffc\u00a0d", Buffer.from("zero\0inside"), 12n, 9.5],
    ["long", "long ".repeat(2000), Buffer.alloc(10000, 0xab), 13n, 10.5],
  ];
  rows.forEach(([kind, content, blob, big, approximate], i) => {
    insert("special", { id: i + 1, kind, content, bytes: blob, big_value: big, approximate });
  });
}

// ---------------------------------------------------------------- main

function options() {
  try {
    return parseArgs({
      options: { size: { type: "string", default: "small" }, out: { type: "string" }, seed: { type: "string", default: "42" } },
    }).values;
  } catch (error) {
    return fail(error.message);
  }
}

const { size, out, seed } = options();
if (!out) fail("--out is missing");
if (!/^-?\d+$/.test(seed)) fail("--seed must be a whole number");
const sizes = sizesOf(size);
state = Number(seed) | 0;

for (const file of [out, `${out}-wal`, `${out}-shm`, `${out}-journal`]) if (existsSync(file)) rmSync(file);
const db = new Database(out);
db.pragma("journal_mode = MEMORY");
db.pragma("synchronous = OFF");
db.pragma("foreign_keys = ON");
db.exec(readFileSync(new URL("./app/server/db/schema.sql", import.meta.url), "utf8"));
db.transaction(() => fill(db, sizes))();
db.close();
console.log(`${out}: ${totalOf(sizes)} rows, ${statSync(out).size} bytes`);

import { canonicalForms, canonicalJson, canonicalNumber } from "#engine/validate/canonical-value.ts";

/** Type OIDs of pg_type.dat that are the same in every PostgreSQL. */
const oid = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, json: 114, float4: 700, float8: 701, date: 1082, timestamp: 1114, timestamptz: 1184, numeric: 1700, uuid: 2950, jsonb: 3802 } as const;

/** One form for each value, so that equal forms mean equal values: a tag for the storage class and the text. `type`: the OID of the column it is compared with. */
export function fromSqlite(value: unknown, type: number): string | null {
  if (value === null) return null;
  if (typeof value === "bigint") return `n:${canonicalNumber(value.toString())}`;
  if (typeof value === "number") return `n:${canonicalNumber(String(value))}`;
  if (value instanceof Uint8Array) return `b:${Buffer.from(value).toString("hex")}`;
  if (typeof value === "string") return `t:${textOf(value, type)}`;
  return `?:${typeof value}`;
}

/** The same form for a value as PostgreSQL prints it. */
export function fromPostgres(value: string | null, type: number): string | null {
  if (value === null) return null;
  switch (type) {
    case oid.bool:
      return value === "t" ? "n:1e0" : "n:0";
    case oid.int2:
    case oid.int4:
    case oid.int8:
    case oid.numeric:
      return `n:${canonicalNumber(value)}`;
    case oid.float4:
    case oid.float8:
      return `n:${canonicalNumber(String(Number(value.replace(/^(-?)inf.*/i, "$1Infinity"))))}`;
    case oid.bytea:
      return `b:${value.slice(2).toLowerCase()}`;
    default:
      return `t:${textOf(value, type)}`;
  }
}

function textOf(value: string, type: number): string {
  switch (type) {
    case oid.json:
    case oid.jsonb:
      return canonicalJson(value);
    case oid.timestamp:
      return canonicalForms.timestamp?.(value) ?? value;
    case oid.timestamptz:
      return instant(value);
    case oid.uuid:
      return value.toLowerCase();
    default:
      return value;
  }
}

/** A moment with a zone as seconds since 1970 and its fraction; another text stays as it is. */
function instant(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+?)0*)?(Z|[+-]\d\d)(?::?(\d\d))?$/.exec(text);
  if (parts === null) return text;
  const [, day = "", time = "", fraction = "", zone = "", minutes = "00"] = parts;
  return `${Date.parse(`${day}T${time}${zone === "Z" ? "Z" : `${zone}:${minutes}`}`) / 1000}.${fraction}`;
}

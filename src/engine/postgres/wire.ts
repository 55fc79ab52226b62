/**
 * The frontend/backend protocol, version 3, as far as the embedded PostgreSQL is spoken to through it: messages in, messages out, values as text.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import type { PostgresProblem } from "./session.ts";

/** One message of the server; its body excludes type and length. */
export interface BackendMessage {
  readonly type: string;
  readonly body: Buffer;
}

function frame(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  const head = Buffer.allocUnsafe(5);
  head.write(type, 0, "latin1");
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, ...parts]);
}

/** A C string; PostgreSQL would stop reading at a NUL inside, so there must be none. */
function cString(text: string): Buffer {
  if (text.includes("\0")) throw new RangeError("a statement cannot hold NUL");
  return Buffer.from(`${text}\0`, "utf8");
}

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export const queryMessage = (sql: string): Buffer => frame("Q", cString(sql));
export const parseMessage = (sql: string): Buffer => frame("P", cString(""), cString(sql), int16(0));
export const describeStatementMessage = (): Buffer => frame("D", Buffer.from("S\0"));
export const describePortalMessage = (): Buffer => frame("D", Buffer.from("P\0"));
export const executeMessage = (): Buffer => frame("E", cString(""), int32(0));
export const syncMessage = (): Buffer => frame("S");
export const copyDataMessage = (parts: readonly Uint8Array[]): Buffer => frame("d", ...parts);
export const copyDoneMessage = (): Buffer => frame("c");

/** Binds text parameters to the unnamed statement, results as text. */
export function bindMessage(parameters: readonly (string | null)[]): Buffer {
  const values = parameters.flatMap((value) => {
    if (value === null) return [int32(-1)];
    const bytes = Buffer.from(value, "utf8");
    return [int32(bytes.length), bytes];
  });
  return frame("B", cString(""), cString(""), int16(0), int16(parameters.length), ...values, int16(0));
}

/** Cuts a stream of bytes into messages; feed it whatever arrives. */
export function messageReader(onMessage: (message: BackendMessage) => void): (data: Uint8Array) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (data) => {
    let buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    if (rest.length > 0) buffer = Buffer.concat([rest, buffer]);
    let at = 0;
    while (buffer.length - at >= 5) {
      const end = at + 1 + buffer.readUInt32BE(at + 1);
      if (end > buffer.length) break;
      onMessage({ type: String.fromCharCode(buffer[at] ?? 0), body: buffer.subarray(at + 5, end) });
      at = end;
    }
    // The memory behind `data` may be written over by the next answer.
    rest = Buffer.from(buffer.subarray(at));
  };
}

/** RowDescription: names and type OIDs. */
export function readRowDescription(body: Buffer): { readonly name: string; readonly typeOid: number }[] {
  const columns: { name: string; typeOid: number }[] = [];
  let at = 2;
  for (let left = body.readUInt16BE(0); left > 0; left--) {
    const end = body.indexOf(0, at);
    columns.push({ name: body.toString("utf8", at, end), typeOid: body.readUInt32BE(end + 7) });
    at = end + 19;
  }
  return columns;
}

/** DataRow: the values' texts. */
export function readDataRow(body: Buffer): (string | null)[] {
  const row: (string | null)[] = [];
  let at = 2;
  for (let left = body.readUInt16BE(0); left > 0; left--) {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) {
      row.push(null);
    } else {
      row.push(body.toString("utf8", at, at + length));
      at += length;
    }
  }
  return row;
}

/** ParameterDescription: type OIDs. */
export function readParameterDescription(body: Buffer): number[] {
  return Array.from({ length: body.readUInt16BE(0) }, (_, i) => body.readUInt32BE(2 + 4 * i));
}

/** CommandComplete: rows affected or returned, 0 for commands that count none. */
export function readRowCount(body: Buffer): number {
  return Number(/ (\d+)\0?$/.exec(body.toString("latin1"))?.[1] ?? 0);
}

/** ErrorResponse: its fields by their letters. */
export function readProblem(body: Buffer): PostgresProblem {
  const fields = new Map<string, string>();
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1);
    fields.set(String.fromCharCode(body[at] ?? 0), body.toString("utf8", at + 1, end));
    at = end + 1;
  }
  const position = fields.get("P");
  return {
    code: fields.get("C") ?? "XX000",
    message: fields.get("M") ?? "the server sent an error without words",
    detail: fields.get("D") ?? fields.get("W"),
    hint: fields.get("H"),
    position: position === undefined ? undefined : Number(position),
    table: fields.get("t"),
    column: fields.get("c"),
    constraint: fields.get("n"),
  };
}

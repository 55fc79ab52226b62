import { grouped } from "#core/report/text-table.ts";
import type { ProgressEvent } from "#protocol/progress.ts";
import type { Io } from "./command.ts";

/** How progress is told: `text` for people, `json` one event a line, `none`. */
export type ProgressStyle = "text" | "json" | "none";

export const progressStyles = ["text", "json", "none"] as const satisfies readonly ProgressStyle[];

/** Makes the listener that writes a run's events to stderr: a bar that redraws itself on a terminal, lines elsewhere. */
export function progressWriter(style: ProgressStyle, io: Io): (event: ProgressEvent) => void {
  switch (style) {
    case "none":
      return () => undefined;
    case "json":
      return (event) => { io.err(`${JSON.stringify(event)}\n`); };
    case "text":
      return io.terminal ? bars(io) : lines(io);
  }
}

function lines(io: Io): (event: ProgressEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "table":
        if (event.done && event.phase === "copy") io.err(`  ${event.table}: ${grouped(event.rows)} rows${quarantined(event.quarantined)}\n`);
        return;
      case "phase-end":
        io.err(`${event.phase}: ${event.seconds.toFixed(1)} s\n`);
        return;
      case "warning":
        io.err(`warning: ${event.message}\n`);
        return;
      case "phase-start":
      case "total":
      case "step":
      case "retry":
      case "done":
      case "failed":
        return;
    }
  };
}

function bars(io: Io): (event: ProgressEvent) => void {
  const plain = lines(io);
  const clear = "\r\u001b[2K";
  return (event) => {
    switch (event.kind) {
      case "total": {
        const share = event.totalRows === 0 ? 1 : event.rows / event.totalRows;
        const width = 30;
        const full = Math.round(share * width);
        const remaining = event.secondsRemaining === undefined ? "" : `, ${Math.ceil(event.secondsRemaining)} s left`;
        io.err(`${clear}[${"#".repeat(full)}${"-".repeat(width - full)}] ${(share * 100).toFixed(0)} %  ${grouped(event.rows)} of ${grouped(event.totalRows)} rows, ${grouped(Math.round(event.rowsPerSecond))}/s${remaining}`);
        return;
      }
      case "step":
        io.err(`${clear}${event.phase} ${event.done}/${event.of}: ${event.name}`);
        return;
      default:
        if (event.kind !== "table" || event.done) io.err(clear);
        plain(event);
    }
  };
}

function quarantined(count: number): string {
  return count === 0 ? "" : `, ${grouped(count)} in quarantine`;
}

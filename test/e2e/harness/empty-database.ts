import pg from "pg";
import { readRun } from "./run.ts";

/** Makes an empty database on the run's PostgreSQL, and gives its URL. @param name used once in a run */
export async function emptyDatabase(name: string): Promise<string> {
  const { databaseUrl } = readRun();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

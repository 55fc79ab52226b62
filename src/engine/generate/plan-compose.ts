import { stringify } from "yaml";
import { adapterDefaults, type GeneratedFile, generatedMark } from "./adapter-project.ts";

/** What may be said otherwise. */
export interface ComposeOptions {
  /** Major version of the official image. */
  readonly major?: number;
  /** The translated schema, relative to the workspace root; it must be there before the container starts. */
  readonly schema?: string;
}

/** `docker-compose.yml`: one PostgreSQL for trying things out, which loads the translated schema when its volume is new. */
export function planCompose(
  env: Readonly<Record<string, string | undefined>>,
  { major = 18, schema = "migration/postgres_schema.sql" }: ComposeOptions = {},
): GeneratedFile[] {
  // From 18 on the image keeps its data in a folder by version below /var/lib/postgresql.
  const data = major >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
  const document = {
    services: {
      postgres: {
        image: `postgres:${major}-alpine`,
        environment: {
          POSTGRES_DB: env["POSTGRES_DB"] ?? adapterDefaults.database,
          POSTGRES_USER: env["POSTGRES_USER"] ?? adapterDefaults.user,
          POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}",
          // SQLite compares text by its bytes.
          POSTGRES_INITDB_ARGS: "--encoding=UTF8 --locale=C.UTF-8",
        },
        ports: ["127.0.0.1:${POSTGRES_PORT:-5432}:5432"],
        volumes: [`postgres_data:${data}`, `./${schema}:/docker-entrypoint-initdb.d/01-schema.sql:ro`],
        healthcheck: {
          test: ["CMD-SHELL", 'pg_isready -U "$$POSTGRES_USER" -d "$$POSTGRES_DB"'],
          interval: "5s",
          timeout: "5s",
          retries: 5,
        },
      },
    },
    volumes: { postgres_data: null },
  };
  const file: GeneratedFile = {
    path: "docker-compose.yml",
    kind: "create",
    reason: "a PostgreSQL to try things out on: docker compose up -d --wait",
    content: `# ${generatedMark} compose\`. Start: docker compose up -d --wait\n${stringify(document, { lineWidth: 0, nullStr: "" })}`,
  };
  return [file];
}

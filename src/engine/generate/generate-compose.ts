import { stringify } from "yaml";
import { type GeneratedFile, generatedMark } from "./adapter-project.ts";

/** What the compose file names. */
export interface ComposeProject {
  readonly database: string;
  readonly user: string;
  /** Major version of the official image. */
  readonly major: number;
  /** The translated schema, relative to the workspace root, or undefined to start empty. */
  readonly schema: string | undefined;
}

/** `docker-compose.yml`: one PostgreSQL for trying things out, which loads the translated schema when its volume is new. */
export function planCompose(project: ComposeProject): GeneratedFile {
  // From 18 on the image keeps its data in a folder by version below /var/lib/postgresql.
  const data = project.major >= 18 ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
  const document = {
    services: {
      postgres: {
        image: `postgres:${project.major}-alpine`,
        environment: {
          POSTGRES_DB: project.database,
          POSTGRES_USER: project.user,
          POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD in .env}",
          // SQLite compares text by its bytes.
          POSTGRES_INITDB_ARGS: "--encoding=UTF8 --locale=C.UTF-8",
        },
        ports: ["127.0.0.1:${POSTGRES_PORT:-5432}:5432"],
        volumes: [`postgres_data:${data}`, ...(project.schema === undefined ? [] : [`./${project.schema}:/docker-entrypoint-initdb.d/01-schema.sql:ro`])],
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
  return {
    path: "docker-compose.yml",
    kind: "create",
    reason: "a PostgreSQL to try things out on: docker compose up -d --wait",
    content: `# ${generatedMark} compose\`. Start: docker compose up -d --wait\n${stringify(document, { lineWidth: 0, nullStr: "" })}`,
  };
}

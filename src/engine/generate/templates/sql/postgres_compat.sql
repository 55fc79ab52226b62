-- SQLite's functions for PostgreSQL 14 to 18, in a schema of their own.
--
-- Sessions that use them run with
--   SET search_path = "$user", public, cutover, pg_catalog;   SET TimeZone = 'UTC';
-- so that a function here stands before PostgreSQL's own of the same name and argument types (like, round, substr, random,
-- date). Running this file again changes nothing; several may run it at once.
BEGIN;
SELECT pg_advisory_xact_lock(7358200);
CREATE SCHEMA IF NOT EXISTS cutover;
GRANT USAGE ON SCHEMA cutover TO PUBLIC;
SET LOCAL search_path = pg_catalog;
SET LOCAL check_function_bodies = on;
SET LOCAL client_min_messages = warning;

-- Values -------------------------------------------------------------------------------------------------------------

-- A REAL as SQLite up to 3.50 prints it: 15 significant digits, always with a point.
CREATE OR REPLACE FUNCTION cutover.real_text(double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET extra_float_digits = 0 AS $$
DECLARE t text := $1::text;
BEGIN
  RETURN CASE
    WHEN t IN ('Infinity', '-Infinity') THEN CASE WHEN $1 > 0 THEN 'Inf' ELSE '-Inf' END
    WHEN t ~ '\.' THEN t
    WHEN t ~ 'e' THEN replace(t, 'e', '.0e')
    ELSE t || '.0' END;
END $$;

-- Any value as the text that SQLite would have for it.
-- In PL/pgSQL because an SQL function is inlined, and its casts are then tried on constants of every type.
CREATE OR REPLACE FUNCTION cutover.sqlite_text(value anynonarray) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE printed text := value::text;
BEGIN
  CASE pg_typeof(value)
    WHEN 'boolean'::regtype THEN RETURN CASE printed WHEN 'true' THEN '1' ELSE '0' END;
    WHEN 'double precision'::regtype, 'real'::regtype THEN RETURN cutover.real_text(printed::double precision);
    WHEN 'numeric'::regtype THEN
      IF printed ~ '\.' THEN RETURN cutover.real_text(printed::double precision); END IF;
    WHEN 'timestamp with time zone'::regtype THEN RETURN (printed::timestamptz AT TIME ZONE 'UTC')::text;
    ELSE NULL;
  END CASE;
  RETURN printed;
END $$;

CREATE OR REPLACE FUNCTION cutover.typeof(anynonarray) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 IS NULL THEN 'null' ELSE CASE pg_typeof($1)
    WHEN 'boolean'::regtype THEN 'integer' WHEN 'smallint'::regtype THEN 'integer' WHEN 'integer'::regtype THEN 'integer'
    WHEN 'bigint'::regtype THEN 'integer' WHEN 'real'::regtype THEN 'real' WHEN 'double precision'::regtype THEN 'real'
    WHEN 'numeric'::regtype THEN CASE WHEN $1::text ~ '\.' THEN 'real' ELSE 'integer' END
    WHEN 'bytea'::regtype THEN 'blob' ELSE 'text' END END
$$;
CREATE OR REPLACE FUNCTION cutover.typeof(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $1 IS NULL THEN 'null' ELSE 'text' END $$;

-- Conditions ---------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION cutover.ifnull(anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce($1, $2) $$;
CREATE OR REPLACE FUNCTION cutover.iif(boolean, anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $1 THEN $2 ELSE $3 END $$;

-- max(a, b, …) and min(a, b, …): NULL where any is NULL.
CREATE OR REPLACE FUNCTION cutover.max(anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT greatest($1, $2) $$;
CREATE OR REPLACE FUNCTION cutover.max(anycompatible, anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT greatest($1, $2, $3) $$;
CREATE OR REPLACE FUNCTION cutover.max(anycompatible, anycompatible, anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT greatest($1, $2, $3, $4) $$;
CREATE OR REPLACE FUNCTION cutover.min(anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT least($1, $2) $$;
CREATE OR REPLACE FUNCTION cutover.min(anycompatible, anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT least($1, $2, $3) $$;
CREATE OR REPLACE FUNCTION cutover.min(anycompatible, anycompatible, anycompatible, anycompatible) RETURNS anycompatible
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT least($1, $2, $3, $4) $$;

-- Text ---------------------------------------------------------------------------------------------------------------

-- like(pattern, value) is SQLite's value LIKE pattern: ASCII letters match in either case, and no character escapes.
CREATE OR REPLACE FUNCTION cutover.like(text, text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT lower($2 COLLATE "C") LIKE lower($1 COLLATE "C") ESCAPE '' $$;
CREATE OR REPLACE FUNCTION cutover.like(text, anynonarray) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.like($1, cutover.sqlite_text($2)) $$;
CREATE OR REPLACE FUNCTION cutover.like(pattern text, value text, escape text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE folded text := ''; c text; i int := 1; n int := length(pattern);
BEGIN
  IF length(escape) <> 1 THEN
    RAISE EXCEPTION 'ESCAPE expression must be a single character' USING ERRCODE = '22019';
  END IF;
  WHILE i <= n LOOP
    c := pg_catalog.substr(pattern, i, 1);
    IF c = escape THEN
      IF i = n THEN RETURN false; END IF;
      i := i + 1;
      folded := folded || '\' || lower(pg_catalog.substr(pattern, i, 1) COLLATE "C");
    ELSIF c = '\' THEN folded := folded || '\\';
    ELSE folded := folded || lower(c COLLATE "C");
    END IF;
    i := i + 1;
  END LOOP;
  RETURN lower(value COLLATE "C") LIKE folded ESCAPE '\';
END $$;
CREATE OR REPLACE FUNCTION cutover.like(text, anynonarray, text) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.like($1, cutover.sqlite_text($2), $3) $$;

-- glob(pattern, value) is SQLite's value GLOB pattern.
CREATE OR REPLACE FUNCTION cutover.glob(pattern text, value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE r text := ''; i int := 1; j int; n int := length(pattern); c text; set_text text; negated boolean;
BEGIN
  WHILE i <= n LOOP
    c := pg_catalog.substr(pattern, i, 1);
    IF c = '*' THEN r := r || '.*';
    ELSIF c = '?' THEN r := r || '.';
    ELSIF c = '[' THEN
      i := i + 1;
      negated := pg_catalog.substr(pattern, i, 1) = '^';
      IF negated THEN i := i + 1; END IF;
      set_text := '';
      j := i;
      LOOP
        c := pg_catalog.substr(pattern, j, 1);
        IF c = '' THEN RETURN false; END IF;
        EXIT WHEN c = ']' AND j > i;
        IF c = '-' AND j > i AND pg_catalog.substr(pattern, j + 1, 1) NOT IN (']', '') THEN
          IF pg_catalog.substr(pattern, j - 1, 1) <= pg_catalog.substr(pattern, j + 1, 1) COLLATE "C" THEN
            set_text := set_text || '-' || regexp_replace(pg_catalog.substr(pattern, j + 1, 1), '([\\\]\[^-])', '\\\1');
          END IF;
          j := j + 1;
        ELSE
          set_text := set_text || regexp_replace(c, '([\\\]\[^-])', '\\\1');
        END IF;
        j := j + 1;
      END LOOP;
      r := r || CASE WHEN negated THEN '[^' ELSE '[' END || set_text || ']';
      i := j;
    ELSE r := r || regexp_replace(c, '([^\w\s])', '\\\1');
    END IF;
    i := i + 1;
  END LOOP;
  RETURN value COLLATE "C" ~ ('^(?:' || r || ')$');
END $$;
CREATE OR REPLACE FUNCTION cutover.glob(text, anynonarray) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.glob($1, cutover.sqlite_text($2)) $$;

CREATE OR REPLACE FUNCTION cutover.instr(text, text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT strpos($1, $2) $$;
CREATE OR REPLACE FUNCTION cutover.instr(bytea, bytea) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT position($2 IN $1) $$;
CREATE OR REPLACE FUNCTION cutover.instr(anynonarray, text) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT strpos(cutover.sqlite_text($1), $2) $$;

-- A negative start counts from the end, a negative length takes what stands before the start.
CREATE OR REPLACE FUNCTION cutover.sqlite_substr(value text, start bigint, size bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE p1 bigint := start; p2 bigint := abs(size);
BEGIN
  IF p1 < 0 THEN
    p1 := p1 + length(value);
    IF p1 < 0 THEN
      p2 := greatest(p2 + p1, 0);
      p1 := 0;
    END IF;
  ELSIF p1 > 0 THEN p1 := p1 - 1;
  ELSIF p2 > 0 THEN p2 := p2 - 1;
  END IF;
  IF size < 0 THEN
    p1 := p1 - p2;
    IF p1 < 0 THEN
      p2 := p2 + p1;
      p1 := 0;
    END IF;
  END IF;
  IF p2 <= 0 OR p1 >= length(value) THEN RETURN ''; END IF;
  RETURN pg_catalog.substr(value, (p1 + 1)::int, least(p2, length(value))::int);
END $$;
CREATE OR REPLACE FUNCTION cutover.substr(text, integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN $2 > 0 THEN pg_catalog.substr($1, $2) ELSE cutover.sqlite_substr($1, $2, 4611686018427387904) END $$;
CREATE OR REPLACE FUNCTION cutover.substr(text, integer, integer) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN $2 > 0 AND $3 >= 0 THEN pg_catalog.substr($1, $2, $3) ELSE cutover.sqlite_substr($1, $2, $3) END $$;
CREATE OR REPLACE FUNCTION cutover.substr(text, bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.sqlite_substr($1, $2, 4611686018427387904) $$;
CREATE OR REPLACE FUNCTION cutover.substr(text, bigint, bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.sqlite_substr($1, $2, $3) $$;
CREATE OR REPLACE FUNCTION cutover.substr(anynonarray, bigint) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.sqlite_substr(cutover.sqlite_text($1), $2, 4611686018427387904) $$;
CREATE OR REPLACE FUNCTION cutover.substr(anynonarray, bigint, bigint) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.sqlite_substr(cutover.sqlite_text($1), $2, $3) $$;

CREATE OR REPLACE FUNCTION cutover.length(anynonarray) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT pg_catalog.length(cutover.sqlite_text($1)) $$;

CREATE OR REPLACE FUNCTION cutover.hex(bytea) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce(upper(encode($1, 'hex')), '') $$;
CREATE OR REPLACE FUNCTION cutover.hex(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT coalesce(upper(encode(convert_to($1, 'UTF8'), 'hex')), '') $$;
CREATE OR REPLACE FUNCTION cutover.hex(anynonarray) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT cutover.hex(cutover.sqlite_text($1)) $$;
CREATE OR REPLACE FUNCTION cutover.unicode(text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT nullif(ascii($1), 0) $$;
CREATE OR REPLACE FUNCTION cutover.zeroblob(bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT decode(repeat('00', greatest($1, 0)::int), 'hex') $$;

-- Numbers ------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION cutover.random() RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL RESTRICTED AS $$
  SELECT ('x' || replace(gen_random_uuid()::text, '-', ''))::bit(64)::bigint # ('x' || pg_catalog.substr(replace(gen_random_uuid()::text, '-', ''), 17))::bit(64)::bigint $$;

-- A double to so many decimals, half away from zero by its exact value, as SQLite's round() does.
CREATE OR REPLACE FUNCTION cutover.round(value double precision, digits bigint) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  n int := least(greatest(digits, 0), 30)::int;
  bits bigint; k int; five numeric := 5; power5 numeric := 1;
BEGIN
  IF value = 'NaN' THEN RETURN NULL; END IF;
  IF abs(value) > 4503599627370496.0 THEN RETURN value; END IF;
  -- SQLite has no -0 here: adding 0 takes its sign away.
  IF n = 0 THEN RETURN trunc(value + CASE WHEN value < 0 THEN -0.5 ELSE 0.5 END) + 0; END IF;
  -- value = mantissa * 2^-k = mantissa * 5^k / 10^k
  bits := ('x' || encode(float8send(abs(value)), 'hex'))::bit(64)::bigint;
  k := 1075 - greatest((bits >> 52)::int, 1);
  IF k > 200 THEN RETURN 0; END IF;
  bits := (bits & 4503599627370495) | 4503599627370496;
  IF k <= 0 THEN RETURN value; END IF;
  DECLARE rest int := k;
  BEGIN
    WHILE rest > 0 LOOP
      IF rest % 2 = 1 THEN power5 := power5 * five; END IF;
      five := five * five;
      rest := rest / 2;
    END LOOP;
  END;
  RETURN sign(value) * pg_catalog.round((bits * power5) * ('1e-' || k)::numeric, n)::double precision + 0;
END $$;
CREATE OR REPLACE FUNCTION cutover.round(double precision, integer) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.round($1, $2::bigint) $$;
CREATE OR REPLACE FUNCTION cutover.round(double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.round($1, 0::bigint) $$;
CREATE OR REPLACE FUNCTION cutover.round(numeric, integer) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.round($1::double precision, $2::bigint) $$;
CREATE OR REPLACE FUNCTION cutover.round(numeric, bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.round($1::double precision, $2) $$;
CREATE OR REPLACE FUNCTION cutover.round(numeric) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.round($1::double precision, 0::bigint) $$;

-- Aggregates ---------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION cutover.sum_step(bigint, boolean) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + $2::int END $$;
CREATE OR REPLACE AGGREGATE cutover.sum(boolean) (SFUNC = cutover.sum_step, STYPE = bigint, PARALLEL = SAFE);
CREATE OR REPLACE FUNCTION cutover.avg_step(bigint[], boolean) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE ARRAY[$1[1] + $2::int, $1[2] + 1] END $$;
CREATE OR REPLACE FUNCTION cutover.avg_final(bigint[]) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1[1]::double precision / nullif($1[2], 0) $$;
CREATE OR REPLACE AGGREGATE cutover.avg(boolean)
  (SFUNC = cutover.avg_step, STYPE = bigint[], FINALFUNC = cutover.avg_final, INITCOND = '{0,0}', PARALLEL = SAFE);
CREATE OR REPLACE AGGREGATE cutover.min(boolean) (SFUNC = booland_statefunc, STYPE = boolean, PARALLEL = SAFE);
CREATE OR REPLACE AGGREGATE cutover.max(boolean) (SFUNC = boolor_statefunc, STYPE = boolean, PARALLEL = SAFE);

CREATE OR REPLACE FUNCTION cutover.total_step(double precision, double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1 + coalesce($2, 0) $$;
CREATE OR REPLACE FUNCTION cutover.total_step(double precision, boolean) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT $1 + coalesce($2::int, 0) $$;
CREATE OR REPLACE AGGREGATE cutover.total(double precision)
  (SFUNC = cutover.total_step, STYPE = double precision, INITCOND = '0', PARALLEL = SAFE);
CREATE OR REPLACE AGGREGATE cutover.total(boolean)
  (SFUNC = cutover.total_step, STYPE = double precision, INITCOND = '0', PARALLEL = SAFE);

CREATE OR REPLACE FUNCTION cutover.group_concat_step(text, text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1 || ',', '') || $2 END $$;
CREATE OR REPLACE FUNCTION cutover.group_concat_step(text, text, text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1 || coalesce($3, ''), '') || $2 END $$;
CREATE OR REPLACE FUNCTION cutover.group_concat_step(text, anynonarray) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT cutover.group_concat_step($1, cutover.sqlite_text($2)) $$;
CREATE OR REPLACE FUNCTION cutover.group_concat_step(text, anynonarray, text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT cutover.group_concat_step($1, cutover.sqlite_text($2), $3) $$;
CREATE OR REPLACE AGGREGATE cutover.group_concat(text) (SFUNC = cutover.group_concat_step, STYPE = text);
CREATE OR REPLACE AGGREGATE cutover.group_concat(text, text) (SFUNC = cutover.group_concat_step, STYPE = text);
CREATE OR REPLACE AGGREGATE cutover.group_concat(anynonarray) (SFUNC = cutover.group_concat_step, STYPE = text);
CREATE OR REPLACE AGGREGATE cutover.group_concat(anynonarray, text) (SFUNC = cutover.group_concat_step, STYPE = text);

-- Dates --------------------------------------------------------------------------------------------------------------
-- SQLite's date.c on milliseconds since 1970, UTC, for the years 1 to 9999. What it cannot read is NULL.

CREATE OR REPLACE FUNCTION cutover.clock_ms(hms text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  -- HH:MM[:SS[.fff]]; the seconds are rounded as a double, never up to the next one.
  SELECT pg_catalog.substr(hms, 1, 2)::bigint * 3600000 + pg_catalog.substr(hms, 4, 2)::bigint * 60000
    + least(trunc(s * 1000 + 0.5), trunc(s) * 1000 + 999)::bigint
  FROM (SELECT coalesce(nullif(pg_catalog.substr(hms, 7, 2), ''), '0')::double precision
    + coalesce(nullif(pg_catalog.substr(hms, 9), ''), '0')::double precision AS s) AS t
$$;

-- In whole days and the rest: an interval multiplied by so many milliseconds is not exact.
CREATE OR REPLACE FUNCTION cutover.at_ms(ms bigint) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT timestamp '1970-01-01' + (ms / 86400000)::int * interval '1 day' + (ms % 86400000) * interval '1 millisecond'
$$;

-- A day that may lie past its month's end: February 30 is March 1 or 2.
CREATE OR REPLACE FUNCTION cutover.day_ms(y bigint, m bigint, d bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN y BETWEEN 1 AND 9999 AND m BETWEEN 1 AND 12
    THEN ((make_date(y::int, m::int, 1) - date '1970-01-01')::bigint + d - 1) * 86400000 END
$$;

-- So many months on: a day past the month's end spills over, or with 'floor' is the last one.
CREATE OR REPLACE FUNCTION cutover.add_months_ms(ms bigint, months bigint, floored boolean) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t timestamp; m bigint; y bigint; d bigint; first bigint; last bigint;
BEGIN
  IF ms NOT BETWEEN -62135596800000 AND 253402300799999 THEN RETURN NULL; END IF;
  t := cutover.at_ms(ms);
  m := extract(year FROM t)::bigint * 12 + extract(month FROM t)::bigint - 1 + months;
  y := floor(m / 12.0)::bigint;
  m := m - y * 12 + 1;
  d := extract(day FROM t)::bigint;
  first := cutover.day_ms(y, m, 1);
  IF floored AND first IS NOT NULL THEN
    last := extract(day FROM cutover.at_ms(first) + interval '1 month' - interval '1 day')::bigint;
    d := least(d, last);
  END IF;
  RETURN cutover.day_ms(y, m, d) + ms - floor(ms / 86400000.0)::bigint * 86400000;
END $$;

CREATE OR REPLACE FUNCTION cutover.local_offset_ms(ms bigint, of_local boolean) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE zone text := nullif(current_setting('cutover.local_timezone', true), '');
        t timestamp := cutover.at_ms(ms);
BEGIN
  IF zone IS NULL THEN
    RAISE EXCEPTION 'the modifiers ''localtime'' and ''utc'' need the application''s time zone'
      USING HINT = 'Set the environment variable TZ, or cutover.local_timezone in the session, to a name such as Europe/Berlin.';
  END IF;
  RETURN CASE WHEN of_local THEN extract(epoch FROM t - ((t AT TIME ZONE zone) AT TIME ZONE 'UTC')) * 1000
              ELSE extract(epoch FROM ((t AT TIME ZONE 'UTC') AT TIME ZONE zone) - t) * 1000 END;
END $$;

CREATE OR REPLACE FUNCTION cutover.sqlite_time(value text, modifiers text[], OUT ms bigint, OUT subsec boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  part text[]; raw double precision; modifier text; rest text; r double precision; unit text;
  t timestamp; day bigint; first boolean := true; sign int; floored boolean;
BEGIN
  subsec := false;
  IF value IS NULL OR modifiers IS NULL THEN RETURN; END IF;
  part := regexp_match(value, '^(\d{4})-(\d\d)-(\d\d)[\sT]*(?:(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(?:([-+])(\d\d):(\d\d)|[zZ])?\s*)?$');
  IF part IS NULL THEN
    part := regexp_match(value, '^()()()(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(?:([-+])(\d\d):(\d\d)|[zZ])?\s*$');
    IF part IS NOT NULL THEN part[1:3] := ARRAY['2000', '01', '01']; END IF;
  END IF;
  IF part IS NOT NULL THEN
    IF part[2] NOT BETWEEN '01' AND '12' OR part[3] NOT BETWEEN '01' AND '31' THEN RETURN; END IF;
    IF pg_catalog.substr(part[4], 1, 2) > '24' OR pg_catalog.substr(part[4], 4, 2) > '59' OR pg_catalog.substr(part[4], 7, 2) > '59'
      OR part[6] > '14' OR part[7] > '59' THEN RETURN; END IF;
    ms := cutover.day_ms(part[1]::bigint, part[2]::bigint, part[3]::bigint) + coalesce(cutover.clock_ms(part[4]), 0)
      - CASE part[5] WHEN '+' THEN 1 WHEN '-' THEN -1 ELSE 0 END * coalesce(cutover.clock_ms(part[6] || ':' || part[7]), 0);
  ELSIF lower(value) IN ('now', 'subsec', 'subsecond') THEN
    ms := floor(extract(epoch FROM statement_timestamp()) * 1000);
    subsec := lower(value) <> 'now';
  ELSIF value ~ '^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$' THEN
    raw := value::double precision;
    IF raw >= 0 AND raw < 5373484.5 THEN ms := floor(raw * 86400000.0 + 0.5)::bigint - 210866760000000; END IF;
  ELSE
    RETURN;
  END IF;

  FOR i IN 1 .. coalesce(cardinality(modifiers), 0) LOOP
    modifier := modifiers[i];
    floored := coalesce(lower(modifiers[i + 1]) = 'floor', false);
    IF modifier IS NULL THEN ms := NULL; RETURN; END IF;
    modifier := lower(modifier);
    IF modifier IN ('auto', 'unixepoch', 'julianday') THEN
      IF NOT first THEN ms := NULL; RETURN; END IF;
      IF modifier = 'unixepoch' OR (modifier = 'auto' AND raw IS NOT NULL AND ms IS NULL) THEN
        IF raw IS NULL OR raw < -210866760000 OR raw >= 253402300800 THEN ms := NULL; RETURN; END IF;
        ms := trunc(raw * 1000.0 + 210866760000000 + 0.5)::bigint - 210866760000000;
      ELSIF modifier = 'julianday' AND (raw IS NULL OR ms IS NULL) THEN ms := NULL; RETURN;
      END IF;
      first := false;
      CONTINUE;
    END IF;
    first := false;
    IF ms IS NULL THEN RETURN; END IF;
    -- A moment beyond the last year may come back, unless the calendar is asked of it.
    IF modifier ~ '^(weekday |start of )' AND ms NOT BETWEEN -62135596800000 AND 253402300799999 THEN
      ms := NULL;
      RETURN;
    END IF;
    IF modifier IN ('subsec', 'subsecond') THEN
      subsec := true;
      CONTINUE;
    ELSIF modifier = 'localtime' THEN ms := ms + cutover.local_offset_ms(ms, false);
    ELSIF modifier = 'utc' THEN ms := ms - cutover.local_offset_ms(ms, true);
    ELSIF modifier ~ '^weekday ' THEN
      rest := pg_catalog.substr(modifier, 9);
      IF rest !~ '^\s*[-+]?[0-6](\.0*)?\s*$' THEN ms := NULL; RETURN; END IF;
      r := rest::double precision;
      IF r < 0 THEN ms := NULL; RETURN; END IF;
      day := (ms + 210866760000000 + 129600000) / 86400000 % 7;
      IF day > r THEN day := day - 7; END IF;
      ms := ms + (r::bigint - day) * 86400000;
    ELSIF modifier IN ('start of month', 'start of year', 'start of day') THEN
      t := date_trunc(pg_catalog.substr(modifier, 10), cutover.at_ms(ms));
      ms := extract(epoch FROM t)::bigint * 1000;
    ELSIF modifier IN ('ceiling', 'floor') THEN CONTINUE;
    ELSIF modifier ~ '^[-+]\d{4}-\d\d-\d\d(\s\d\d:\d\d(:\d\d(\.\d+)?)?)?$' THEN
      IF pg_catalog.substr(modifier, 7, 2) > '11' OR pg_catalog.substr(modifier, 10, 2) > '30' OR pg_catalog.substr(modifier, 13, 2) > '23'
        OR pg_catalog.substr(modifier, 16, 2) > '59' OR pg_catalog.substr(modifier, 19, 2) > '59' THEN
        ms := NULL;
        RETURN;
      END IF;
      sign := CASE WHEN modifier LIKE '-%' THEN -1 ELSE 1 END;
      ms := cutover.add_months_ms(ms, sign * (pg_catalog.substr(modifier, 2, 4)::bigint * 12 + pg_catalog.substr(modifier, 7, 2)::bigint), floored)
        + sign * (pg_catalog.substr(modifier, 10, 2)::bigint * 86400000 + coalesce(cutover.clock_ms(nullif(pg_catalog.substr(modifier, 13), '')), 0));
    ELSIF modifier ~ '^[-+]?\d\d:\d\d(:\d\d(\.\d+)?)?$' THEN
      rest := ltrim(modifier, '+-');
      IF rest >= '25' OR pg_catalog.substr(rest, 4, 2) > '59' OR pg_catalog.substr(rest, 7, 2) > '59' THEN ms := NULL; RETURN; END IF;
      ms := ms + CASE WHEN modifier LIKE '-%' THEN -1 ELSE 1 END * (cutover.clock_ms(rest) % 86400000);
    ELSE
      part := regexp_match(modifier, '^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?)\s+(second|minute|hour|day|month|year)s?$');
      IF part IS NULL THEN ms := NULL; RETURN; END IF;
      r := part[1]::double precision;
      unit := part[2];
      IF abs(r) >= (CASE unit WHEN 'second' THEN 4.6427e14 WHEN 'minute' THEN 7.7379e12 WHEN 'hour' THEN 1.2897e11
                              WHEN 'day' THEN 5373485.0 WHEN 'month' THEN 176546.0 ELSE 14713.0 END) THEN
        ms := NULL;
        RETURN;
      END IF;
      sign := CASE WHEN r < 0 THEN -1 ELSE 1 END;
      IF unit IN ('month', 'year') THEN
        ms := cutover.add_months_ms(ms, trunc(r)::bigint * CASE unit WHEN 'year' THEN 12 ELSE 1 END, floored);
        r := r - trunc(r);
      END IF;
      ms := ms + trunc(r * 1000.0 * CASE unit WHEN 'second' THEN 1.0 WHEN 'minute' THEN 60.0 WHEN 'hour' THEN 3600.0
        WHEN 'day' THEN 86400.0 WHEN 'month' THEN 2592000.0 ELSE 31536000.0 END + sign * 0.5)::bigint;
    END IF;
    IF ms IS NULL THEN RETURN; END IF;
  END LOOP;
  IF ms NOT BETWEEN -62135596800000 AND 253402300799999 THEN ms := NULL; END IF;
END $$;

CREATE OR REPLACE FUNCTION cutover.ms_timestamp(ms bigint, subsec boolean) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT cutover.at_ms(CASE WHEN subsec THEN ms ELSE floor(ms / 1000.0)::bigint * 1000 END)
$$;

-- strftime(format, value, modifier, …) with every letter that SQLite 3.50 knows; an unknown letter gives NULL.
CREATE OR REPLACE FUNCTION cutover.format_ms(format text, ms bigint, subsec boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  t timestamp := cutover.at_ms(ms);
  out text := ''; i int := 1; n int := length(format); c text; at int; piece text;
  days int; wd int; h int;
BEGIN
  WHILE i <= n LOOP
    at := strpos(pg_catalog.substr(format, i), '%');
    IF at = 0 THEN RETURN out || pg_catalog.substr(format, i); END IF;
    out := out || pg_catalog.substr(format, i, at - 1);
    i := i + at;
    c := pg_catalog.substr(format, i, 1);
    i := i + 1;
    h := extract(hour FROM t)::int;
    days := extract(doy FROM t)::int - 1;
    wd := extract(dow FROM t)::int;
    piece := CASE c
      WHEN 'd' THEN to_char(t, 'DD')
      WHEN 'e' THEN lpad(to_char(t, 'FMDD'), 2)
      WHEN 'f' THEN to_char(t, 'SS.MS')
      WHEN 'F' THEN to_char(t, 'YYYY-MM-DD')
      WHEN 'G' THEN to_char(t, 'IYYY')
      WHEN 'g' THEN to_char(t, 'IY')
      WHEN 'H' THEN to_char(t, 'HH24')
      WHEN 'I' THEN to_char(t, 'HH12')
      WHEN 'j' THEN to_char(t, 'DDD')
      WHEN 'J' THEN cutover.g16((ms + 210866760000000) / 86400000.0::double precision)
      WHEN 'k' THEN lpad(h::text, 2)
      WHEN 'l' THEN lpad(to_char(t, 'FMHH12'), 2)
      WHEN 'm' THEN to_char(t, 'MM')
      WHEN 'M' THEN to_char(t, 'MI')
      WHEN 'p' THEN CASE WHEN h >= 12 THEN 'PM' ELSE 'AM' END
      WHEN 'P' THEN CASE WHEN h >= 12 THEN 'pm' ELSE 'am' END
      WHEN 'R' THEN to_char(t, 'HH24:MI')
      WHEN 's' THEN CASE WHEN subsec THEN (ms / 1000.0)::numeric(20, 3)::text ELSE floor(ms / 1000.0)::bigint::text END
      WHEN 'S' THEN to_char(t, 'SS')
      WHEN 'T' THEN to_char(t, 'HH24:MI:SS')
      WHEN 'u' THEN to_char(t, 'ID')
      WHEN 'U' THEN lpad(((days - wd + 7) / 7)::text, 2, '0')
      WHEN 'V' THEN to_char(t, 'IW')
      WHEN 'w' THEN wd::text
      WHEN 'W' THEN lpad(((days - (wd + 6) % 7 + 7) / 7)::text, 2, '0')
      WHEN 'Y' THEN to_char(t, 'YYYY')
      WHEN '%' THEN '%' END;
    IF piece IS NULL THEN RETURN NULL; END IF;
    out := out || piece;
  END LOOP;
  RETURN out;
END $$;

-- C's %.16g for a Julian day number, which is 1 to 5373484.
CREATE OR REPLACE FUNCTION cutover.g16(double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT cutover.round($1, 16 - length(trunc($1::numeric)::text)::bigint)::text $$;

-- The overloads: for text (what SQLite stores), for the types that columns get here, and for numbers.
DO $do$
DECLARE
  source record; fn record;
BEGIN
  FOR source IN SELECT * FROM (VALUES
      ('text', '$1'), ('timestamp', '$1::text'), ('date', '$1::text'),
      ('timestamptz', '($1 AT TIME ZONE ''UTC'')::text'), ('bigint', '$1::text'), ('double precision', '$1::text'),
      ('numeric', '$1::text')) AS s(type, text)
  LOOP
    FOR fn IN SELECT * FROM (VALUES
        ('datetime', 'timestamp', 'cutover.ms_timestamp(ms, subsec)'),
        ('date', 'date', 'cutover.ms_timestamp(ms, false)::date'),
        ('"time"', 'text', 'cutover.format_ms(CASE WHEN subsec THEN ''%H:%M:%f'' ELSE ''%H:%M:%S'' END, ms, false)'),
        ('julianday', 'double precision', '(ms + 210866760000000) / 86400000.0::double precision'),
        ('unixepoch', 'double precision', 'CASE WHEN subsec THEN ms / 1000.0::double precision ELSE floor(ms / 1000.0) END')) AS f(name, type, result)
    LOOP
      EXECUTE format('CREATE OR REPLACE FUNCTION cutover.%s(%s, VARIADIC text[]) RETURNS %s LANGUAGE sql STABLE PARALLEL SAFE
        AS $f$ SELECT %s FROM cutover.sqlite_time(%s, $2) $f$', fn.name, source.type, fn.type, fn.result, source.text);
      EXECUTE format('CREATE OR REPLACE FUNCTION cutover.%s(%s) RETURNS %s LANGUAGE sql STABLE PARALLEL SAFE
        AS $f$ SELECT %s FROM cutover.sqlite_time(%s, ''{}'') $f$', fn.name, source.type, fn.type, fn.result, source.text);
    END LOOP;
    EXECUTE format('CREATE OR REPLACE FUNCTION cutover.strftime(text, %s, VARIADIC text[]) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
      AS $f$ SELECT cutover.format_ms($1, ms, subsec) FROM cutover.sqlite_time(%s, $3) $f$', source.type, replace(source.text, '$1', '$2'));
    EXECUTE format('CREATE OR REPLACE FUNCTION cutover.strftime(text, %s) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
      AS $f$ SELECT cutover.format_ms($1, ms, subsec) FROM cutover.sqlite_time(%s, ''{}'') $f$', source.type, replace(source.text, '$1', '$2'));
  END LOOP;
END $do$;

-- Short ways for timestamp columns.
CREATE OR REPLACE FUNCTION cutover.datetime(timestamp) RETURNS timestamp
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT CASE WHEN isfinite($1) THEN date_trunc('second', $1) END $$;
CREATE OR REPLACE FUNCTION cutover.date(timestamp) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT CASE WHEN isfinite($1) THEN $1::pg_catalog.date END $$;
CREATE OR REPLACE FUNCTION cutover.date(date) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$ SELECT CASE WHEN isfinite($1) THEN $1 END $$;
CREATE OR REPLACE FUNCTION cutover.strftime(text, timestamp) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 ~ '^(%[YmdHMS]|[-:/ ])+$' AND $1 !~ '%d%d|%S%S' AND isfinite($2)
    THEN to_char($2, replace(replace(replace(replace(replace(replace(
      $1, '%Y', 'YYYY'), '%m', 'MM'), '%d', 'DD'), '%H', 'HH24'), '%M', 'MI'), '%S', 'SS'))
    ELSE (SELECT cutover.format_ms($1, ms, subsec) FROM cutover.sqlite_time($2::text, '{}')) END
$$;
CREATE OR REPLACE FUNCTION cutover.datetime() RETURNS timestamp
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT date_trunc('second', statement_timestamp() AT TIME ZONE 'UTC') $$;
CREATE OR REPLACE FUNCTION cutover.date() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (statement_timestamp() AT TIME ZONE 'UTC')::date $$;
CREATE OR REPLACE FUNCTION cutover."time"() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT to_char(statement_timestamp() AT TIME ZONE 'UTC', 'HH24:MI:SS') $$;
CREATE OR REPLACE FUNCTION cutover.julianday() RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT cutover.julianday('now'::text) $$;
CREATE OR REPLACE FUNCTION cutover.unixepoch() RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT cutover.unixepoch('now'::text) $$;

-- Operators ----------------------------------------------------------------------------------------------------------
-- Moments that stayed text are compared with date functions as SQLite does, as text; flags that became BOOLEAN with 0 and 1.

DO $do$
DECLARE
  moment text; op record;
BEGIN
  FOREACH moment IN ARRAY ARRAY['timestamp', 'date'] LOOP
    FOR op IN SELECT * FROM (VALUES ('<', 'lt', '>', '>='), ('<=', 'le', '>=', '>'), ('=', 'eq', '=', '<>'), ('<>', 'ne', '<>', '='),
                                    ('>=', 'ge', '<=', '<'), ('>', 'gt', '<', '<=')) AS o(sign, name, commuted, negated) LOOP
      EXECUTE format('CREATE OR REPLACE FUNCTION cutover.text_%s(text, %s) RETURNS boolean LANGUAGE sql STABLE STRICT PARALLEL SAFE
        AS $f$ SELECT $1 COLLATE "C" %s $2::text COLLATE "C" $f$', op.name, moment, op.sign);
      EXECUTE format('CREATE OR REPLACE FUNCTION cutover.text_%s(%s, text) RETURNS boolean LANGUAGE sql STABLE STRICT PARALLEL SAFE
        AS $f$ SELECT $1::text COLLATE "C" %s $2 COLLATE "C" $f$', op.name, moment, op.sign);
      IF to_regoperator(format('cutover.%s(text,%s)', op.sign, moment)) IS NULL THEN
        EXECUTE format('CREATE OPERATOR cutover.%s (LEFTARG = text, RIGHTARG = %s, FUNCTION = cutover.text_%s, RESTRICT = %s)',
          op.sign, moment, op.name, CASE op.name WHEN 'eq' THEN 'eqsel' WHEN 'ne' THEN 'neqsel' ELSE 'scalar' || op.name || 'sel' END);
      END IF;
      IF to_regoperator(format('cutover.%s(%s,text)', op.sign, moment)) IS NULL THEN
        EXECUTE format('CREATE OPERATOR cutover.%s (LEFTARG = %s, RIGHTARG = text, FUNCTION = cutover.text_%s)', op.sign, moment, op.name);
      END IF;
    END LOOP;
  END LOOP;
  FOR op IN SELECT * FROM (VALUES ('=', 'eq'), ('<>', 'ne')) AS o(sign, name) LOOP
    EXECUTE format('CREATE OR REPLACE FUNCTION cutover.flag_%s(boolean, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      AS $f$ SELECT $1::int %s $2 $f$', op.name, op.sign);
    EXECUTE format('CREATE OR REPLACE FUNCTION cutover.flag_%s(bigint, boolean) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      AS $f$ SELECT $1 %s $2::int $f$', op.name, op.sign);
    IF to_regoperator(format('cutover.%s(boolean,bigint)', op.sign)) IS NULL THEN
      EXECUTE format('CREATE OPERATOR cutover.%s (LEFTARG = boolean, RIGHTARG = bigint, FUNCTION = cutover.flag_%s)', op.sign, op.name);
      EXECUTE format('CREATE OPERATOR cutover.%s (LEFTARG = bigint, RIGHTARG = boolean, FUNCTION = cutover.flag_%s)', op.sign, op.name);
    END IF;
  END LOOP;
END $do$;

-- JSON ---------------------------------------------------------------------------------------------------------------

-- Without the blanks that stand between tokens.
CREATE OR REPLACE FUNCTION cutover.minified(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT regexp_replace($1, '("(?:[^"\\]|\\.)*")|\s+', '\1', 'g') $$;

-- The element at SQLite's path ($, .key, ."key", [n], [#-n]); NULL where there is none.
CREATE OR REPLACE FUNCTION cutover.json_at(value json, path text) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE rest text := path; step text[];
BEGIN
  IF path !~ '^\$' THEN
    RAISE EXCEPTION 'bad JSON path: %', quote_literal(path) USING ERRCODE = '22023';
  END IF;
  rest := pg_catalog.substr(rest, 2);
  WHILE rest <> '' AND value IS NOT NULL LOOP
    step := regexp_match(rest, '^(?:\."([^"]*)"|\.([^.\["]+)|\[(\d+)\]|\[#-(\d+)\])(.*)$');
    IF step IS NULL THEN
      RAISE EXCEPTION 'bad JSON path: %', quote_literal(path) USING ERRCODE = '22023';
    END IF;
    value := CASE
      WHEN coalesce(step[1], step[2]) IS NOT NULL THEN CASE WHEN json_typeof(value) = 'object' THEN value -> coalesce(step[1], step[2]) END
      WHEN json_typeof(value) <> 'array' THEN NULL
      WHEN step[3] IS NOT NULL THEN value -> step[3]::int
      WHEN step[4]::int = 0 THEN NULL
      ELSE value -> -(step[4]::int) END;
    rest := step[5];
  END LOOP;
  RETURN value;
END $$;

-- Text of a scalar, minified JSON of an object or array: always text here, where SQLite gives a number its own type.
CREATE OR REPLACE FUNCTION cutover.json_extract(json, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE json_typeof(v) WHEN 'null' THEN NULL WHEN 'boolean' THEN CASE v::text WHEN 'true' THEN '1' ELSE '0' END
    WHEN 'string' THEN v #>> '{}' WHEN 'number' THEN v::text ELSE cutover.minified(v::text) END
  FROM (SELECT cutover.json_at($1, $2) AS v) AS at
$$;
CREATE OR REPLACE FUNCTION cutover.json_extract(text, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_extract($1::json, $2) $$;
CREATE OR REPLACE FUNCTION cutover.json_extract(jsonb, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_extract($1::text::json, $2) $$;

CREATE OR REPLACE FUNCTION cutover.json_type(json, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE json_typeof(v) WHEN 'string' THEN 'text' WHEN 'boolean' THEN v::text
    WHEN 'number' THEN CASE WHEN v::text ~ '[.eE]' THEN 'real' ELSE 'integer' END ELSE json_typeof(v) END
  FROM (SELECT cutover.json_at($1, $2) AS v) AS at
$$;
CREATE OR REPLACE FUNCTION cutover.json_array_length(json, text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE json_typeof(v) WHEN 'array' THEN pg_catalog.json_array_length(v) WHEN NULL THEN NULL ELSE CASE WHEN v IS NULL THEN NULL ELSE 0 END END
  FROM (SELECT cutover.json_at($1, $2) AS v) AS at
$$;
CREATE OR REPLACE FUNCTION cutover.json_type(text, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_type($1::json, $2) $$;
CREATE OR REPLACE FUNCTION cutover.json_type(jsonb, text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_type($1::text::json, $2) $$;
CREATE OR REPLACE FUNCTION cutover.json_type(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_type($1::json, '$') $$;
CREATE OR REPLACE FUNCTION cutover.json_type(jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_type($1::text::json, '$') $$;
CREATE OR REPLACE FUNCTION cutover.json_array_length(text, text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_array_length($1::json, $2) $$;
CREATE OR REPLACE FUNCTION cutover.json_array_length(jsonb, text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_array_length($1::text::json, $2) $$;
CREATE OR REPLACE FUNCTION cutover.json_array_length(text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_array_length($1::json, '$') $$;
CREATE OR REPLACE FUNCTION cutover.json_array_length(jsonb) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT cutover.json_array_length($1::text::json, '$') $$;
CREATE OR REPLACE FUNCTION cutover.json_valid(text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  PERFORM $1::json;
  RETURN true;
EXCEPTION WHEN invalid_text_representation THEN RETURN false;
END $$;
CREATE OR REPLACE FUNCTION cutover.json_valid(jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT true $$;

-- The catalog as SQLite shows it ---------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION cutover.user_relation(text) RETURNS oid
LANGUAGE sql STABLE STRICT AS $$
  -- As written first; SQLite does not care about case, PostgreSQL's names are what they are.
  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE lower(c.relname) = lower($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'cutover')
    AND n.nspname = ANY (current_schemas(true))
  ORDER BY c.relname <> $1, array_position(current_schemas(true), n.nspname) LIMIT 1
$$;

-- The name of a table's primary key when it is one integer column, which SQLite calls the rowid. The name is SQL text.
CREATE OR REPLACE FUNCTION cutover.rowid_column(text) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
  SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
  WHERE i.indrelid = to_regclass($1) AND i.indisprimary AND i.indnkeyatts = 1
    AND a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
$$;

CREATE OR REPLACE FUNCTION cutover.sqlite_type(oid) RETURNS text
LANGUAGE sql STABLE STRICT AS $$
  SELECT CASE
    WHEN $1 IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'boolean'::regtype) THEN 'INTEGER'
    WHEN $1 IN ('real'::regtype, 'double precision'::regtype) THEN 'REAL'
    WHEN $1 = 'numeric'::regtype THEN 'NUMERIC' WHEN $1 = 'bytea'::regtype THEN 'BLOB' ELSE 'TEXT' END
$$;

-- A default as SQLite would write it: no casts, 0 and 1, CURRENT_TIMESTAMP; a generated key has none.
CREATE OR REPLACE FUNCTION cutover.sqlite_default(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE
    WHEN $1 ~ '^nextval\(' THEN NULL
    WHEN $1 = 'true' THEN '1' WHEN $1 = 'false' THEN '0'
    WHEN $1 ~* '(now\(\)|current_timestamp|statement_timestamp\(\)|clock_timestamp\(\)|datetime\(''now''|localtimestamp)' THEN 'CURRENT_TIMESTAMP'
    ELSE regexp_replace($1, '^(''(?:[^'']|'''')*''|[-\d.()]+)::[a-z][a-z ]*(?:\(\d+(?:,\d+)?\))?$', '\1') END
$$;

CREATE OR REPLACE FUNCTION cutover.pragma_table_xinfo(name text)
RETURNS TABLE (cid bigint, name text, type text, "notnull" integer, dflt_value text, pk integer, hidden integer)
LANGUAGE sql STABLE AS $$
  SELECT row_number() OVER (ORDER BY a.attnum) - 1, a.attname::text, cutover.sqlite_type(a.atttypid),
    CASE WHEN a.attnotnull AND NOT (k.pk IS NOT NULL AND k.single AND cutover.sqlite_type(a.atttypid) = 'INTEGER') THEN 1 ELSE 0 END,
    CASE WHEN a.attgenerated = '' THEN cutover.sqlite_default(pg_get_expr(d.adbin, d.adrelid)) END,
    coalesce(k.pk, 0)::int, CASE WHEN a.attgenerated = '' THEN 0 ELSE 3 END
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN LATERAL (SELECT array_position(i.indkey::int2[], a.attnum) + 1 AS pk, i.indnkeyatts = 1 AS single FROM pg_index i
    WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey::int2[])) k ON true
  WHERE a.attrelid = cutover.user_relation($1) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum
$$;
CREATE OR REPLACE FUNCTION cutover.pragma_table_info(name text)
RETURNS TABLE (cid bigint, name text, type text, "notnull" integer, dflt_value text, pk integer)
LANGUAGE sql STABLE AS $$
  SELECT row_number() OVER (ORDER BY x.cid) - 1, x.name, x.type, x."notnull", x.dflt_value, x.pk
  FROM cutover.pragma_table_xinfo($1) x WHERE x.hidden = 0 ORDER BY x.cid
$$;

-- Indexes by SQLite's names: those behind constraints are sqlite_autoindex_TABLE_n; an integer primary key has none.
CREATE OR REPLACE VIEW cutover.sqlite_indexes AS
  SELECT i.indexrelid, i.indrelid, t.relname::text AS tbl_name, i.indisunique, i.indpred IS NOT NULL AS partial,
    CASE WHEN k.oid IS NULL THEN c.relname::text
      ELSE 'sqlite_autoindex_' || t.relname || '_' || row_number() OVER (PARTITION BY i.indrelid, k.oid IS NULL ORDER BY i.indexrelid) END AS name,
    CASE k.contype WHEN 'p' THEN 'pk' WHEN 'u' THEN 'u' ELSE 'c' END AS origin,
    CASE WHEN k.oid IS NULL THEN pg_get_indexdef(i.indexrelid) END AS sql
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
  LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'cutover') AND t.relkind IN ('r', 'p')
    AND NOT (i.indisprimary AND i.indnkeyatts = 1 AND EXISTS (SELECT FROM pg_attribute a
      WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND cutover.sqlite_type(a.atttypid) = 'INTEGER'));

CREATE OR REPLACE FUNCTION cutover.pragma_index_list(name text)
RETURNS TABLE (seq bigint, name text, "unique" integer, origin text, partial integer)
LANGUAGE sql STABLE AS $$
  SELECT row_number() OVER (ORDER BY i.indexrelid DESC) - 1, i.name, i.indisunique::int, i.origin, i.partial::int
  FROM cutover.sqlite_indexes i WHERE i.indrelid = cutover.user_relation($1) ORDER BY 1
$$;
CREATE OR REPLACE FUNCTION cutover.pragma_index_info(name text)
RETURNS TABLE (seqno bigint, cid bigint, name text)
LANGUAGE sql STABLE AS $$
  SELECT k.n - 1, CASE WHEN k.attnum = 0 THEN -2 ELSE x.cid END, a.attname::text
  FROM cutover.sqlite_indexes i JOIN pg_index p ON p.indexrelid = i.indexrelid
  CROSS JOIN LATERAL unnest(p.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
  LEFT JOIN cutover.pragma_table_xinfo(i.tbl_name) x ON x.name = a.attname
  WHERE lower(i.name) = lower($1) AND k.n <= p.indnkeyatts ORDER BY 1
$$;
CREATE OR REPLACE FUNCTION cutover.pragma_foreign_key_list(name text)
RETURNS TABLE (id bigint, seq bigint, "table" text, "from" text, "to" text, on_update text, on_delete text, match text)
LANGUAGE sql STABLE AS $$
  SELECT dense_rank() OVER (ORDER BY c.oid DESC) - 1, k.n - 1, c.confrelid::regclass::text, a.attname::text, b.attname::text,
    x.words[strpos('arcnd', c.confupdtype::text)], x.words[strpos('arcnd', c.confdeltype::text)], 'NONE'
  FROM pg_constraint c
  CROSS JOIN (SELECT ARRAY['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'] AS words) x
  CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k(f, t, n)
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.f
  JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.t
  WHERE c.contype = 'f' AND c.conrelid = cutover.user_relation($1) ORDER BY 1, 2
$$;

-- sqlite_master; sql is a description of the object in its present form, not the text that once created it.
CREATE OR REPLACE VIEW cutover.sqlite_master AS
  SELECT CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS type, c.relname::text AS name, c.relname::text AS tbl_name,
    CASE WHEN c.relkind IN ('v', 'm') THEN 0 ELSE c.oid::bigint END AS rootpage,
    CASE WHEN c.relkind IN ('v', 'm') THEN 'CREATE VIEW ' || quote_ident(c.relname) || ' AS ' || pg_get_viewdef(c.oid)
      ELSE 'CREATE TABLE ' || quote_ident(c.relname) || ' (' || coalesce((SELECT string_agg(quote_ident(x.name) || ' ' || x.type
        || CASE WHEN x.pk > 0 THEN ' PRIMARY KEY' ELSE '' END || CASE x."notnull" WHEN 1 THEN ' NOT NULL' ELSE '' END
        || coalesce(' DEFAULT ' || x.dflt_value, ''), ', ' ORDER BY x.cid) FROM cutover.pragma_table_xinfo(c.relname::text) x), '') || ')' END AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'cutover')
    AND pg_table_is_visible(c.oid)
  UNION ALL
  SELECT 'index', i.name, i.tbl_name, i.indexrelid::bigint, i.sql FROM cutover.sqlite_indexes i WHERE pg_table_is_visible(i.indrelid)
  UNION ALL
  SELECT 'trigger', g.tgname::text, c.relname::text, 0, pg_get_triggerdef(g.oid)
  FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT g.tgisinternal AND pg_table_is_visible(c.oid) AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'cutover');
CREATE OR REPLACE VIEW cutover.sqlite_schema AS SELECT * FROM cutover.sqlite_master;

-- What the sequences of the keys have given out; to be read only.
CREATE OR REPLACE VIEW cutover.sqlite_sequence AS
  SELECT t.relname::text AS name, pg_sequence_last_value(s.oid) AS seq
  FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN ('r', 'p')
  WHERE s.relkind = 'S' AND pg_table_is_visible(t.oid) AND pg_sequence_last_value(s.oid) IS NOT NULL;

GRANT SELECT ON ALL TABLES IN SCHEMA cutover TO PUBLIC;
COMMENT ON SCHEMA cutover IS 'SQLite functions for PostgreSQL, version 1';
COMMIT;

"""
Reads a statement written for sqlite3 and writes it for PostgreSQL: parameters become literals, nothing else moves.

Values are written into the text, quoted as libpq's PQescapeLiteral quotes them, because SQLite's parameters carry their
own types and PostgreSQL's do not: `SELECT ?` with 5 is a number, the same expression in SELECT and GROUP BY stays the
same expression, and there is no limit on their number. What counts as a parameter is decided by a tokenizer that knows
strings, names, comments and dollar quotes.
"""
import math
import re
import sqlite3
from collections import OrderedDict
from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

TOKEN = re.compile(
    r"""
    (?P<blank>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
  | (?P<string>[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | \$\$.*?\$\$ | \$(?P<tag>[^\W\d]\w*)\$.*?\$(?P=tag)\$)
  | (?P<quoted>"(?:[^"]|"")*" | `(?:[^`]|``)*`)
  | (?P<parameter>#{parameterPattern})
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d][\w$]*)
  | (?P<other>::|.)
    """,
    re.VERBOSE | re.DOTALL,
)

#: Whose SQL the application's code is written in: "sqlite", or "postgresql" with the driver's %s and %(name)s.
DIALECT = "#{dialect}"

#: How the driver's placeholders stand in a text that is read here: no SQL holds these characters.
PLACEHOLDER = re.compile(r"%(?:(?P<percent>%)|s|\((?P<name>[^)]*)\)s)")

#: Statements before which sqlite3 opens a transaction; it looks at the first word only.
IMPLICIT_BEGIN = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE"})

#: Functions that are known to change nothing; a SELECT that calls another may have written something.
HARMLESS = frozenset(
    """abs avg cast ceil changes char coalesce concat count cume_dist current_date date datetime dense_rank exists extract
    filter first_value floor format glob greatest group_concat hex ifnull iif in instr json_array_length json_extract
    json_type json_valid julianday lag last_insert_rowid last_value lead least length like lower ltrim max min mod nth_value
    ntile nullif over percent_rank power rank replace round row_number rtrim sign sqrt strftime string_agg substr substring
    sum time total total_changes trim typeof unicode unixepoch upper values and or not as on when then else using""".split()
)

#: SQLite functions whose names PostgreSQL's grammar or its type names take first, and what to call instead.
CALLS = {"date": "cutover.date", "time": 'cutover."time"'} if DIALECT == "sqlite" else {}

#: SQLite's clock words, which are UTC to the second, as of the statement; PostgreSQL's own are as of the transaction.
CLOCKS = {"current_timestamp": "cutover.datetime('now')", "current_date": "cutover.date('now')", "current_time": "cutover.\"time\"('now')"} if DIALECT == "sqlite" else {}

QUERIES = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "VALUES"})


class Parameter(NamedTuple):
    """A parameter of the text: its 1-based place among the values, its name if it has one, the keyword before it."""

    index: int
    name: Optional[str]
    after: str


class Call(NamedTuple):
    """A function that only the connection can answer, such as last_insert_rowid()."""

    name: str


Part = Union[str, Parameter, Call]


class Statement:
    """What a statement's text says, found out once and kept."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.parts: List[Part] = []
        #: The first word, and the word that says what is done where the first is WITH; upper case, "" for no statement.
        self.first = ""
        self.verb = ""
        #: The table of an INSERT as it is written.
        self.target: Optional[str] = None
        self.returning = False
        self.on_conflict = False
        self.temporary = False
        #: Number of values that a sequence must hold.
        self.count = 0
        self.names: List[Optional[str]] = []
        #: Whether the statement may have changed something.
        self.writes = True
        #: How unquoted aliases are spelled, by their lower-case form: PostgreSQL folds them, SQLite does not.
        self.spellings: Dict[str, str] = {}
        #: Integers go in as untyped literals: set when the server refused them as integers.
        self.loose = False
        self._read()

    def _read(self) -> None:
        depth = 0
        pending: List[Part] = []  # blanks and semicolons that count only if something follows
        words: List[Tuple[str, str]] = []  # significant tokens: kind, text
        numbers: Dict[str, int] = {}
        ended = False
        harmless = True
        target_state = 0
        tokens = [(m.lastgroup if m.lastgroup != "tag" else "string", m.group()) for m in TOKEN.finditer(self.sql)]
        tokens = [(kind or "other", text) for kind, text in tokens]
        for at, (kind, text) in enumerate(tokens):
            if kind == "blank":
                (pending if ended or not words else self.parts).append(text)
                continue
            if kind == "other" and text == ";" and depth == 0:
                ended = bool(words)
                continue
            if ended:
                raise sqlite3.ProgrammingError("You can only execute one statement at a time.")
            previous_kind, previous = words[-1] if words else ("", "")
            lower = text.lower() if kind == "word" else ""
            upper = text.upper() if kind == "word" else ""
            part: Part = text
            opens = _next_is(tokens, at, "(")
            if kind == "other":
                depth += text == "("
                depth -= text == ")"
            elif kind == "parameter":
                part = self._parameter(text, previous.upper(), numbers)
            elif kind == "word":
                if not self.first:
                    self.first = upper
                if depth == 0 and (not self.verb or self.verb == "WITH"):
                    if not self.verb or upper in QUERIES:
                        self.verb = upper
                if depth == 0 and upper == "RETURNING":
                    self.returning = True
                if depth == 0 and upper == "CONFLICT" and previous.upper() == "ON":
                    self.on_conflict = True
                if upper in ("TEMP", "TEMPORARY") and previous.upper() == "CREATE":
                    self.temporary = True
                if previous.upper() == "AS" and lower != text and not opens:
                    self.spellings[lower] = text if self.spellings.get(lower, text) == text else lower
                if opens and previous != ".":
                    harmless = harmless and lower in HARMLESS
                    if lower in ("last_insert_rowid", "changes", "total_changes") and _empty_call(tokens, at):
                        part = Call(lower)
                    elif lower in CALLS and self.verb in QUERIES:
                        part = CALLS[lower]
                elif lower in CLOCKS and previous not in (".", "as", "AS") and self.verb in QUERIES:
                    part = CLOCKS[lower]
            if self.verb == "INSERT" and depth == 0 and target_state >= 0:
                target_state = self._read_target(target_state, kind, text, upper)
            words.append((kind, text))
            self.parts.extend(pending)
            pending.clear()
            self.parts.append(part)
        self.count = len(self.names)
        self.writes = not (self.verb in ("SELECT", "VALUES", "EXPLAIN", "PRAGMA") and harmless)
        self.parts = _without_empty_calls(self.parts)

    def _read_target(self, state: int, kind: str, text: str, upper: str) -> int:
        """0: before INTO; 1: a name must follow; 2: a dot may follow; -1: read."""
        if state == 0:
            return 1 if upper == "INTO" else 0
        if state == 1 and kind in ("word", "quoted"):
            self.target = (self.target or "") + text
            return 2
        if state == 2 and text == ".":
            self.target = (self.target or "") + "."
            return 1
        return -1

    def _parameter(self, text: str, after: str, numbers: Dict[str, int]) -> Parameter:
        """SQLite's numbering: `?` takes the next number, `?NNN` its own, a name the number of its first use."""
        text = text.rstrip("\x03")
        if text in ("?", "\x02"):
            self.names.append(None)
            return Parameter(len(self.names), None, after)
        if text[0] == "?":
            index = int(text[1:])
            if not 1 <= index <= 32766:
                raise sqlite3.OperationalError("variable number must be between ?1 and ?32766")
            while len(self.names) < index:
                self.names.append(None)
            return Parameter(index, None, after)
        if text not in numbers:
            self.names.append(text[1:])
            numbers[text] = len(self.names)
        return Parameter(numbers[text], text[1:], after)

    def bind(self, parameters: Any) -> List[Any]:
        """The values by their numbers, taken from a sequence or a mapping as sqlite3 takes them."""
        if isinstance(parameters, Mapping):
            values = []
            for index, name in enumerate(self.names, 1):
                if name is None:
                    raise sqlite3.ProgrammingError(
                        f"Binding {index} has no name, but you supplied a dictionary (which has only names)."
                    )
                if name not in parameters:
                    raise sqlite3.ProgrammingError(f"You did not supply a value for binding :{name}.")
                values.append(parameters[name])
            return values
        values = list(parameters)
        if len(values) != self.count:
            raise sqlite3.ProgrammingError(
                "Incorrect number of bindings supplied. "
                f"The current statement uses {self.count}, and there are {len(values)} supplied."
            )
        return values

    def render(self, values: Sequence[Any], calls: Mapping[str, int], loose: bool = False) -> str:
        """The text for PostgreSQL, with the values in it."""
        return "".join(
            part
            if isinstance(part, str)
            else str(calls[part.name])
            if isinstance(part, Call)
            else literal(values[part.index - 1], part.after, loose)
            for part in self.parts
        )


def _next_is(tokens: Sequence[Tuple[str, str]], at: int, wanted: str) -> bool:
    for kind, text in tokens[at + 1 :]:
        if kind != "blank":
            return text == wanted
    return False


def _empty_call(tokens: Sequence[Tuple[str, str]], at: int) -> bool:
    following = [text for kind, text in tokens[at + 1 : at + 8] if kind != "blank"][:2]
    return following == ["(", ")"]


def _without_empty_calls(parts: List[Part]) -> List[Part]:
    """Drops the `()` behind a Call, which stands for the whole of it."""
    kept: List[Part] = []
    skipping = 0
    for part in parts:
        if skipping and isinstance(part, str) and part in ("(", ")"):
            skipping -= 1
            continue
        kept.append(part)
        if isinstance(part, Call):
            skipping = 2
    return kept


def literal(value: Any, after: str = "", loose: bool = False) -> str:
    """A value as PostgreSQL text. Text stays untyped, so that it fits the column it meets: a timestamp, a jsonb, a number."""
    kind = type(value)
    if kind not in (int, str, float, bytes, bool) and value is not None:
        value = _adapted(value)
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "'1'" if value else "'0'"  # untyped: fits a BOOLEAN and a BIGINT
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        if value < 0 and after in ("LIMIT", "OFFSET"):
            return "NULL" if after == "LIMIT" else "0"  # SQLite: no limit, no offset
        number = int.__repr__(value)
        return f"'{number}'" if loose else f"({number})" if value < 0 else number
    if isinstance(value, float):
        if math.isnan(value):
            return "NULL"  # as SQLite stores it
        text = float.__repr__(value) if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")
        return f"'{text}'::double precision"
    if isinstance(value, str):
        return quoted(value)
    return f"decode('{bytes(value).hex()}', 'hex')"


def _adapted(value: Any) -> Any:
    """What sqlite3 would store: subclasses and buffers as they are, other objects through the application's adapters."""
    if isinstance(value, (bool, int, float, str, bytes, bytearray, memoryview)) and not hasattr(value, "__conform__"):
        return value
    try:
        adapted = sqlite3.adapt(value, sqlite3.PrepareProtocol)
    except sqlite3.ProgrammingError:
        adapted = value
    if adapted is None or isinstance(adapted, (int, float, str, bytes, bytearray, memoryview)):
        return adapted
    raise sqlite3.ProgrammingError(f"Error binding parameter: type '{type(value).__name__}' is not supported")


def quoted(value: str) -> str:
    """A string literal that reads the same whatever standard_conforming_strings says."""
    if "\0" in value:
        raise sqlite3.DataError("PostgreSQL cannot store the character U+0000 in text")
    doubled = value.replace("'", "''")
    if "\\" in doubled:
        return " E'" + doubled.replace("\\", "\\\\") + "'"
    return f"'{doubled}'"


def identifier(name: str) -> str:
    """A name in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def split_script(script: str) -> List[str]:
    """The statements of a script; semicolons in strings, comments and dollar quotes do not end one."""
    statements: List[str] = []
    start = 0
    depth = 0
    empty = True
    for match in TOKEN.finditer(script):
        text = match.group()
        if match.lastgroup == "blank":
            continue
        if text == ";" and depth <= 0:
            if not empty:
                statements.append(script[start : match.start()])
            start, empty, depth = match.end(), True, 0
            continue
        empty = False
        depth += (text == "(") - (text == ")")
    if not empty:
        statements.append(script[start:])
    return statements


class StatementCache:
    """The last statements read, least recently used out first. Not thread-safe: one for each connection."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._known: "OrderedDict[str, Statement]" = OrderedDict()

    def get(self, sql: str) -> Statement:
        statement = self._known.get(sql)
        if statement is None:
            statement = Statement(sql)
            self._known[sql] = statement
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(sql)
        return statement


def readable(sql: str, passed: bool) -> str:
    """
    A text as this module reads it. In PostgreSQL's dialect the driver's placeholders get marks of their own, and `%%` is a
    percent sign, where values are passed; without values a percent sign is nothing special, as with the driver.
    """
    if DIALECT == "sqlite" or not passed:
        return sql
    return PLACEHOLDER.sub(lambda m: "%" if m["percent"] else f"\x02{m['name'] or ''}\x03", sql)


Parameters = Union[Sequence[Any], Mapping[str, Any]]
ManyParameters = Iterable[Parameters]

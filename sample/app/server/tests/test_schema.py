import unittest

from core import sql_processor
from core.pattern_persistence import ensure_pattern_tables
from core.workflow_history_utils.database.schema import ensure_history_tables
from repositories.cost_savings_repository import ensure_cost_savings_table
from repositories.hook_event_repository import ensure_hook_events_table
from repositories.phase_queue_repository import ensure_phase_queue_table
from repositories.tool_call_repository import ensure_tool_calls_table
from services.directory_service import ensure_users_table
from tests.support import DatabaseTestCase

TABLES = """
    workflow_history workflow_errors adw_locks phase_queue adw_tools tool_calls operation_patterns
    pattern_occurrences hook_events cost_savings_log queue_config users employees staff people products
    data empty large special file0 file1 file2 file3 file4 wide
""".split()

# In the order in which the server calls them
ENSURED = (
    (ensure_history_tables, ("workflow_history", "workflow_errors")),
    (ensure_tool_calls_table, ("tool_calls",)),
    (ensure_phase_queue_table, ("phase_queue",)),
    (ensure_hook_events_table, ("hook_events",)),
    (ensure_pattern_tables, ("operation_patterns", "pattern_occurrences")),
    (ensure_cost_savings_table, ("cost_savings_log",)),
    (ensure_users_table, ("users",)),
)


class SchemaTest(DatabaseTestCase):
    def test_all_tables_are_there(self):
        self.assertEqual(len(TABLES), 26)
        self.assertLessEqual(set(TABLES), set(sql_processor.list_tables()))

    def test_modules_create_the_same_columns_as_the_schema(self):
        bare = self.bare_database()
        for ensure, tables in ENSURED:
            ensure(bare)
            for table in tables:
                with self.subTest(table=table):
                    self.assertEqual(
                        sql_processor.table_info(table, bare), sql_processor.table_info(table, self.db_path)
                    )

    def test_ensuring_twice_keeps_the_rows(self):
        self.insert("hook_events", {"event_type": "Stop", "session_id": "s1", "payload": "{}"})
        for ensure, _ in ENSURED:
            ensure(self.db_path)
        self.assertEqual(sql_processor.count_rows("hook_events"), 1)

    def test_table_info_tells_the_primary_key(self):
        keys = [column["name"] for column in sql_processor.table_info("data") if column["key"]]
        self.assertEqual(keys, ["series", "position"])
        info = {column["name"]: column for column in sql_processor.table_info("phase_queue")}
        self.assertEqual(info["queue_id"]["key"], 1)
        self.assertTrue(info["queue_position"]["required"])
        self.assertFalse(info["ready_timestamp"]["required"])

    def test_wide_table_has_all_its_columns_in_order(self):
        names = sql_processor.column_names("wide")
        self.assertEqual(len(names), 55)
        self.assertEqual((names[0], names[1], names[-1]), ("id", "col_01", "col_54"))

    def test_unknown_table_is_refused(self):
        with self.assertRaises(sql_processor.UnknownTable):
            sql_processor.count_rows("users; DROP TABLE users")

    def test_sample_pages_through_a_table(self):
        self.insert("empty", {"id": 1, "name": "a"}, {"id": 2, "name": None}, {"id": 3, "name": ""})
        page = sql_processor.sample("empty", limit=2, offset=1)
        self.assertEqual(page["columns"], ["id", "name", "created_at"])
        self.assertEqual([row[:2] for row in page["rows"]], [(2, None), (3, "")])


if __name__ == "__main__":
    unittest.main()

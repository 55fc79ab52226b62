import sqlite3
import unittest

from core.workflow_history_utils.database import mutations
from repositories.adw_tool_repository import AdwToolRepository
from repositories.hook_event_repository import HookEventRepository
from repositories.queue_config_repository import QueueConfigRepository
from repositories.tool_call_repository import ToolCallRepository
from tests.support import DatabaseTestCase
from utils import timestamps


def call(call_id, tool="pytest", success=True, duration=10, workflow="adw-1"):
    """A finished call in the order in which the repository stores it."""
    return (call_id, workflow, tool, '{"path": "tests"}', "2025-01-01 10:00:00", duration, success, 100, 0.5)


class ToolCallTest(DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.calls = ToolCallRepository(self.db_path)
        mutations.create_workflow("adw-1")

    def test_starting_and_finishing(self):
        first = self.calls.start("c1", "adw-1", "pytest", {"path": "tests", "args": ["-x"]})
        self.assertEqual(self.calls.start("c2", "adw-1", "ruff", {}), first + 1)
        self.assertTrue(self.calls.finish("c1", True, 1200, {"passed": 5}))
        self.assertFalse(self.calls.finish("c9", True, 1))
        done, open_call = self.calls.for_workflow("adw-1")
        self.assertEqual(done["tool_params"], {"path": "tests", "args": ["-x"]})
        self.assertEqual((done["result_data"], done["success"], done["duration_ms"]), ({"passed": 5}, 1, 1200))
        self.assertIsNotNone(done["completed_at"])
        self.assertEqual((open_call["success"], open_call["completed_at"]), (0, None))

    def test_a_call_needs_its_workflow(self):
        with self.assertRaises(sqlite3.IntegrityError):
            self.calls.start("c1", "adw-unknown", "pytest", {})

    def test_many_calls_are_stored_or_none(self):
        self.calls.add_many(call(f"c{number}") for number in range(3))
        with self.assertRaises(sqlite3.IntegrityError):
            self.calls.add_many([call("c3"), call("c0")])
        self.assertEqual(len(self.calls.for_workflow("adw-1")), 3)

    def test_known_calls_are_skipped(self):
        self.calls.add_many([call("c1")])
        self.assertEqual(self.calls.add_new([call("c0"), call("c1"), call("c2"), call("c2")]), (2, 2))
        self.assertEqual({row["tool_call_id"] for row in self.calls.for_workflow("adw-1")}, {"c0", "c1", "c2"})

    def test_summary_by_tool(self):
        self.calls.add_many(
            [
                call("c1", duration=10),
                call("c2", duration=11, success=False),
                call("c3", duration=12),
                call("c4", tool="ruff", duration=None, success=False),
            ]
        )
        self.assertEqual(
            self.calls.summary_by_tool(),
            [
                {"tool_name": "pytest", "calls": 3, "successes": 2, "mean_ms": 11.0, "tokens_saved": 300},
                {"tool_name": "ruff", "calls": 1, "successes": 0, "mean_ms": None, "tokens_saved": 100},
            ],
        )

    def test_tools_of_a_workflow(self):
        self.assertEqual(self.calls.tools_of("adw-1"), [])
        self.calls.add_many([call("c1", tool="ruff"), call("c2"), call("c3", tool="ruff")])
        self.assertEqual(self.calls.tools_of("adw-1"), ["pytest", "ruff"])

    def test_failures_are_found_in_any_case(self):
        for number, message in enumerate(("Error: no file", "TIMEOUT ERROR", "cancelled")):
            self.calls.start(f"c{number}", "adw-1", "pytest", {})
            self.calls.finish(f"c{number}", False, 1, error_message=message)
        self.calls.start("c9", "adw-1", "pytest", {})
        self.calls.finish("c9", True, 1, error_message="error, but recovered")
        self.assertEqual(self.calls.failures_like("error"), ["c0", "c1"])

    def test_deleting_a_workflow_deletes_its_calls(self):
        self.calls.add_many([call("c1")])
        mutations.delete_workflow("adw-1")
        self.assertEqual(self.calls.for_workflow("adw-1"), [])


class HookEventTest(DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.events = HookEventRepository(self.db_path)

    def test_events_are_processed_once(self):
        first = self.events.record("PreToolUse", "s1", {"command": "ls -la", "env": {"A": "ä"}}, tool_name="Bash")
        second = self.events.record("Stop", "s1", {})
        waiting = self.events.unprocessed()
        self.assertEqual([event["id"] for event in waiting], [first, second])
        self.assertEqual(waiting[0]["payload"], {"command": "ls -la", "env": {"A": "ä"}})
        self.assertEqual(self.events.mark_processed([first, 99]), 1)
        self.assertEqual(self.events.mark_processed([first]), 0)
        self.assertEqual(self.events.mark_processed([]), 0)
        self.assertEqual([event["id"] for event in self.events.unprocessed()], [second])

    def test_many_events_and_a_limit(self):
        self.events.record_many(("PostToolUse", "s1", None, "Bash", {"n": number}) for number in range(5))
        self.assertEqual([event["payload"]["n"] for event in self.events.unprocessed(limit=3)], [0, 1, 2])

    def test_unknown_types_are_refused(self):
        with self.assertRaises(sqlite3.IntegrityError):
            self.events.record("Nap", "s1", {})

    def test_events_by_command(self):
        self.events.record("PreToolUse", "s1", {"command": "ls"})
        wanted = self.events.record("PreToolUse", "s1", {"command": "git status"})
        self.events.record("PreToolUse", "s1", {"other": "git status"})
        self.assertEqual(self.events.by_command("git status"), [wanted])

    def test_purging_keeps_what_is_new_or_waits(self):
        old, new = timestamps.from_now(days=-40), timestamps.from_now(days=-2)
        self.insert(
            "hook_events",
            {"event_type": "Stop", "session_id": "a", "payload": "{}", "processed": 1, "created_at": old},
            {"event_type": "Stop", "session_id": "b", "payload": "{}", "processed": 0, "created_at": old},
            {"event_type": "Stop", "session_id": "c", "payload": "{}", "processed": 1, "created_at": new},
        )
        self.assertEqual(self.events.purge(), 1)
        sessions = [row["session_id"] for row in self.fetch("SELECT session_id FROM hook_events ORDER BY id")]
        self.assertEqual(sessions, ["b", "c"])


class AdwToolTest(DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.tools = AdwToolRepository(self.db_path)

    def test_registering_again_keeps_the_counters(self):
        self.tools.register("run_tests", "Runs tests", "adws/test.py", ["run*", "test*"], {"type": "json"})
        self.assertEqual(self.tools.count_invocation("run_tests", "-"), 1)
        self.assertEqual(self.tools.count_invocation("run_tests", "-"), 2)
        self.tools.register("run_tests", "Runs all tests", "adws/tests.py", ["test*"])
        tool = self.tools.find("run_tests")
        self.assertEqual((tool["description"], tool["total_invocations"]), ("Runs all tests", 2))
        self.assertEqual((tool["input_patterns"], tool["output_format"]), (["test*"], None))
        self.assertTrue(tool["enabled"])

    def test_an_unknown_tool_is_added_when_it_is_called(self):
        self.assertEqual(self.tools.count_invocation("mystery", "adws/m.py"), 1)
        self.assertEqual(self.tools.find("mystery")["status"], "experimental")

    def test_usable_tools(self):
        for name, status in (("b", "active"), ("a", "experimental"), ("c", "deprecated"), ("d", "active")):
            self.tools.register(name, "-", "-", [], status=status)
        self.assertTrue(self.tools.set_enabled("d", False))
        self.assertFalse(self.tools.set_enabled("nobody", False))
        self.assertEqual([tool["tool_name"] for tool in self.tools.usable()], ["a", "b"])
        self.assertFalse(self.tools.find("d")["enabled"])


class QueueConfigTest(DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.config = QueueConfigRepository(self.db_path)

    def test_defaults_do_not_overwrite(self):
        self.config.put("max_parallel", "8", "integer")
        self.assertEqual(self.config.install_defaults(), 2)
        self.assertEqual(self.config.install_defaults(), 0)
        self.assertEqual(
            self.config.all_active(), {"max_parallel": 8, "auto_start": True, "default_model": "sonnet"}
        )

    def test_putting_replaces_the_whole_setting(self):
        self.config.put("level", "7", "integer")
        self.config.put("level", "high")
        self.assertEqual(self.config.get("level"), "high")
        self.config.put("level", "low", is_active=False)
        self.assertEqual(self.config.get("level", "none"), "none")
        self.assertEqual(self.config.all_active(), {})

    def test_setting_a_value_keeps_its_type(self):
        self.config.put("level", "7", "integer")
        self.config.set_value("level", "8")
        self.config.set_value("name", "9")
        self.assertEqual(self.config.all_active(), {"level": 8, "name": "9"})


if __name__ == "__main__":
    unittest.main()

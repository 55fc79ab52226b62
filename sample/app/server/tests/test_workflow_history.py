import sqlite3
import unittest

from core import insights
from core.workflow_history_utils.database import mutations, queries
from services import github_issue_service
from tests.support import DatabaseTestCase
from utils import timestamps


class WorkflowHistoryTest(DatabaseTestCase):
    def test_a_workflow_is_found_as_it_was_created(self):
        workflow_id = mutations.create_workflow(
            "adw-1", 12, "Ein Knopf für \"Größe\" & 'Rand' 🎈", structured_input={"b": 1, "a": [1.5, True]}, tags=["ui", "ü"]
        )
        workflow = queries.find_workflow("adw-1")
        self.assertEqual(workflow["id"], workflow_id)
        self.assertEqual(workflow["nl_input"], "Ein Knopf für \"Größe\" & 'Rand' 🎈")
        self.assertEqual(workflow["structured_input"], {"a": [1.5, True], "b": 1})
        self.assertEqual(workflow["tags"], ["ui", "ü"])
        self.assertEqual((workflow["status"], workflow["is_archived"], workflow["actual_cost_total"]), ("pending", 0, 0.0))
        self.assertIsNone(workflow["structured_output"])
        self.assertIsNone(queries.find_workflow("adw-2"))

    def test_an_id_is_given_once(self):
        mutations.create_workflow("adw-1")
        with self.assertRaises(sqlite3.IntegrityError):
            mutations.create_workflow("adw-1")
        self.assertEqual(queries.list_workflows()[1], 1)

    def test_asking_again_counts_as_a_retry(self):
        self.assertTrue(mutations.create_once("adw-1", "first"))
        self.assertFalse(mutations.create_once("adw-1", "second"))
        self.assertFalse(mutations.create_once("adw-1", "third"))
        workflow = queries.find_workflow("adw-1")
        self.assertEqual((workflow["nl_input"], workflow["retry_count"]), ("first", 2))

    def test_updating(self):
        mutations.create_workflow("adw-1")
        changed = mutations.update_workflow(
            "adw-1",
            {"status": "running", "phase_durations": {"plan": 3}, "is_dry_run": True, "actual_cost_total": 0.25},
        )
        self.assertTrue(changed)
        workflow = queries.find_workflow("adw-1")
        self.assertEqual(workflow["phase_durations"], {"plan": 3})
        self.assertEqual((workflow["status"], workflow["is_dry_run"], workflow["actual_cost_total"]), ("running", 1, 0.25))
        self.assertFalse(mutations.update_workflow("adw-2", {"status": "running"}))
        with self.assertRaises(ValueError):
            mutations.update_workflow("adw-1", {"id": 5})

    def test_list_is_filtered_sorted_and_paged(self):
        for number in range(5):
            mutations.create_workflow(
                f"adw-{number}",
                nl_input=["Add a Button", "fix ERROR in button", "docs", "Error page", "tests"][number],
                model_used="opus" if number % 2 else "sonnet",
                created_at=f"2025-01-0{number + 1} 10:00:00",
            )
        mutations.archive(["adw-2", "adw-9"])

        def ids(**conditions):
            page, total = queries.list_workflows(**conditions)
            return [workflow["adw_id"] for workflow in page], total

        self.assertEqual(ids(), (["adw-4", "adw-3", "adw-1", "adw-0"], 4))
        self.assertEqual(ids(include_archived=True, limit=2, offset=2), (["adw-2", "adw-1"], 5))
        self.assertEqual(ids(search="error"), (["adw-3", "adw-1"], 2))
        self.assertEqual(ids(search="BUTTON", model="opus"), (["adw-1"], 1))
        self.assertEqual(ids(since="2025-01-04 00:00:00"), (["adw-4", "adw-3"], 2))
        self.assertEqual(ids(sort_by="adw_id", descending=False, limit=1), (["adw-0"], 4))
        self.assertEqual(ids(sort_by="1; DROP TABLE users")[1], 4)
        self.assertEqual(ids(status="failed"), ([], 0))

    def test_archiving_happens_once(self):
        mutations.create_workflow("adw-1")
        self.assertEqual(mutations.archive(["adw-1"]), 1)
        self.assertEqual(mutations.archive(["adw-1"]), 0)
        self.assertEqual(mutations.archive([]), 0)
        self.assertIsNotNone(queries.find_workflow("adw-1")["archived_at"])

    def test_finishing_stores_the_errors(self):
        mutations.create_workflow("adw-1")
        mutations.finish_workflow(
            "adw-1",
            "failed",
            "2025-01-01 11:00:00",
            [
                {"phase": "build", "message": "Error: 100% full", "context": {"disk": "/"}},
                {"phase": "test", "message": "no error_code", "severity": "warning"},
            ],
        )
        workflow = queries.find_workflow("adw-1")
        self.assertEqual((workflow["status"], workflow["end_time"]), ("failed", "2025-01-01 11:00:00"))
        errors = queries.errors_of("adw-1", only_open=True)
        self.assertEqual([error["severity"] for error in errors], ["error", "warning"])
        self.assertEqual([error["context"] for error in errors], [{"disk": "/"}, None])
        self.assertEqual(mutations.resolve_errors("adw-1"), 2)
        self.assertEqual(queries.errors_of("adw-1", only_open=True), [])
        self.assertEqual(len(queries.errors_of("adw-1")), 2)

    def test_finishing_is_undone_when_an_error_cannot_be_stored(self):
        mutations.create_workflow("adw-1")
        with self.assertRaises(sqlite3.IntegrityError):
            mutations.finish_workflow(
                "adw-1",
                "failed",
                "2025-01-01 11:00:00",
                [{"phase": "build", "message": "stored"}, {"phase": "test", "message": "odd", "severity": "loud"}],
            )
        workflow = queries.find_workflow("adw-1")
        self.assertEqual((workflow["status"], workflow["end_time"]), ("pending", None))
        self.assertEqual(queries.errors_of("adw-1"), [])

    def test_searching_messages_finds_any_case_and_plain_signs(self):
        mutations.create_workflow("adw-1")
        messages = ["Error: 100% full", "no error_code", "ERROR at 100 degrees", "all is well"]
        mutations.finish_workflow(
            "adw-1", "failed", "2025-01-01 11:00:00", [{"phase": "x", "message": message} for message in messages]
        )
        self.assertEqual(queries.search_errors("error"), messages[:3])
        self.assertEqual(queries.search_errors("100%"), messages[:1])
        self.assertEqual(queries.search_errors("R_C"), messages[1:2])
        self.assertEqual(queries.search_errors("!"), [])

    def test_deleting_a_workflow_deletes_its_errors(self):
        mutations.create_workflow("adw-1")
        mutations.finish_workflow("adw-1", "failed", "2025-01-01 11:00:00", [{"phase": "a", "message": "b"}])
        self.assertTrue(mutations.delete_workflow("adw-1"))
        self.assertEqual(queries.errors_of("adw-1"), [])
        self.assertFalse(mutations.delete_workflow("adw-1"))

    def test_counts_by_status(self):
        for number, status in enumerate(("completed", "failed", "completed")):
            mutations.create_workflow(f"adw-{number}")
            mutations.update_workflow(f"adw-{number}", {"status": status})
        self.assertEqual(queries.count_by_status(), {"completed": 2, "failed": 1})

    def test_stuck_workflows(self):
        for adw_id, hours in (("adw-old", -5), ("adw-new", -1)):
            mutations.create_workflow(adw_id)
            mutations.update_workflow(adw_id, {"status": "running", "start_time": timestamps.from_now(hours=hours)})
        self.assertEqual(queries.stuck_workflows(), ["adw-old"])
        self.assertEqual(queries.stuck_workflows(hours=12), [])


class InsightsTest(DatabaseTestCase):
    def add(self, adw_id, created_at, **changes):
        mutations.create_workflow(adw_id, issue_number=1, created_at=created_at, model_used=changes.pop("model", None))
        if changes:
            mutations.update_workflow(adw_id, changes)

    def test_totals(self):
        self.assertEqual(insights.totals(), {"workflows": 0, "completed": 0, "cost": 0, "mean_seconds": None})
        self.add("a", "2025-01-01 00:00:00", status="completed", actual_cost_total=1.5, duration_seconds=10)
        self.add("b", "2025-01-01 00:00:00", status="failed", actual_cost_total=0.25, duration_seconds=15)
        self.add("c", "2025-01-01 00:00:00", duration_seconds=15)
        self.assertEqual(
            insights.totals(), {"workflows": 3, "completed": 1, "cost": 1.75, "mean_seconds": 13.33}
        )

    def test_days(self):
        today, yesterday = timestamps.from_now(minutes=-1), timestamps.from_now(days=-1, minutes=-1)
        self.add("a", today, total_tokens=5)
        self.add("b", yesterday, total_tokens=7)
        self.add("c", yesterday, total_tokens=1)
        self.add("d", timestamps.from_now(days=-60), total_tokens=9)
        self.assertEqual(
            insights.per_day(),
            [
                {"day": yesterday[:10], "workflows": 2, "tokens": 8},
                {"day": today[:10], "workflows": 1, "tokens": 5},
            ],
        )

    def test_months(self):
        self.add("a", "2024-02-29 23:59:59")
        self.add("b", "2024-12-01 00:00:00")
        self.add("c", "2024-12-31 23:59:59")
        self.add("d", "2025-01-01 00:00:00")
        self.assertEqual(insights.per_month("2024"), {"02": 1, "12": 2})
        self.assertEqual(insights.per_month("2023"), {})

    def test_slowest(self):
        for adw_id, start, end in (
            ("short", "2025-01-01 10:00:00", "2025-01-01 10:02:30"),
            ("night", "2025-01-01 23:30:00", "2025-01-02 01:00:00"),
            ("running", "2025-01-01 10:00:00", None),
        ):
            self.add(adw_id, start, start_time=start, end_time=end)
        self.assertEqual(
            insights.slowest(), [{"adw_id": "night", "minutes": 90.0}, {"adw_id": "short", "minutes": 2.5}]
        )
        self.assertEqual(len(insights.slowest(limit=1)), 1)

    def test_models(self):
        self.add("a", "2025-01-01 00:00:00", model="opus", actual_cost_total=0.5, total_tokens=10)
        self.add("b", "2025-01-01 00:00:00", model="opus", actual_cost_total=0.25, total_tokens=30)
        self.add("c", "2025-01-01 00:00:00")
        self.assertEqual(
            insights.models(),
            [
                {"model": "opus", "workflows": 2, "mean_cost": 0.375, "most_tokens": 30},
                {"model": "unknown", "workflows": 1, "mean_cost": 0.0, "most_tokens": 0},
            ],
        )

    def test_idle_issues(self):
        mutations.create_workflow("a", issue_number=8, created_at=timestamps.from_now(days=-20))
        mutations.create_workflow("b", issue_number=9, created_at=timestamps.from_now(days=-20))
        mutations.create_workflow("c", issue_number=9, created_at=timestamps.from_now(days=-2))
        self.assertEqual(insights.idle_issues(), [8])


class IssueTest(DatabaseTestCase):
    def test_summary(self):
        mutations.create_workflow("a", issue_number=4, created_at="2025-01-01 10:00:00")
        mutations.create_workflow("b", issue_number=4, created_at="2025-01-03 10:00:00")
        mutations.update_workflow("b", {"actual_cost_total": 2.5})
        self.insert(
            "phase_queue",
            {"parent_issue": 4, "phase_number": 1, "queue_position": 1, "status": "completed"},
            {"parent_issue": 4, "phase_number": 2, "queue_position": 2, "status": "ready"},
        )
        self.assertEqual(
            github_issue_service.issue_summary(4),
            {
                "issue_number": 4,
                "workflows": 2,
                "cost": 2.5,
                "last_activity": "2025-01-03 10:00:00",
                "phases": {"completed": 1, "ready": 1},
            },
        )
        self.assertIsNone(github_issue_service.issue_summary(5)["last_activity"])

    def test_pull_request(self):
        mutations.create_workflow("a")
        self.assertTrue(github_issue_service.link_pull_request("a", 77, "feature/a"))
        self.assertEqual(queries.find_workflow("a")["pr_number"], 77)
        self.assertFalse(github_issue_service.link_pull_request("b", 78, "feature/b"))

    def test_issues_by_title(self):
        self.insert(
            "workflow_history",
            {"adw_id": "a", "issue_number": 3, "issue_title": "Login fails"},
            {"adw_id": "b", "issue_number": 3, "issue_title": "login fails"},
            {"adw_id": "c", "issue_number": 4, "issue_title": "After login: crash"},
        )
        self.assertEqual(github_issue_service.issues_titled("LOGIN"), [3])


if __name__ == "__main__":
    unittest.main()

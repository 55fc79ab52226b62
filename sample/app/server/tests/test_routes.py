import sqlite3
import unittest

from core import adw_lock, sql_processor
from core.workflow_history_utils.database import mutations, queries
from repositories.phase_queue_repository import PhaseQueueRepository
from routes import data_routes, issue_completion_routes, system_routes
from services import directory_service, health_service
from tests.support import DatabaseTestCase
from utils import timestamps


class SystemRoutesTest(DatabaseTestCase):
    def test_status(self):
        mutations.create_workflow("adw-1")
        status = system_routes.get_status()
        self.assertEqual(status["database"], {"status": "ok", "workflows": 1, "running": 0})
        self.assertEqual(status["queue"], {"waiting": 0, "paused": 0, "mean_wait_minutes": None})
        self.assertGreaterEqual(status["tables"], 26)

    def test_waiting_time_of_the_queue(self):
        self.insert(
            "phase_queue",
            {"queue_position": 1, "status": "ready", "ready_timestamp": timestamps.from_now(minutes=-10), "is_paused": 1},
            {"queue_position": 2, "status": "ready", "ready_timestamp": timestamps.from_now(minutes=-20), "is_paused": 0},
            {"queue_position": 3, "status": "pending", "ready_timestamp": None, "is_paused": 1},
        )
        queue = health_service.check_queue()
        self.assertEqual((queue["waiting"], queue["paused"]), (3, 2))
        self.assertAlmostEqual(queue["mean_wait_minutes"], 15.0, delta=0.5)

    def test_preparing_the_database(self):
        self.assertIsInstance(system_routes.prepare_database(), str)
        self.assertEqual(sql_processor.count_rows("users"), 0)

    def test_recent_activity(self):
        mutations.create_workflow("adw-1", created_at="2025-01-01 10:00:00")
        mutations.create_workflow("adw-2", created_at="2025-01-02 10:00:00")
        self.assertEqual(
            system_routes.get_recent_activity(),
            {"workflow": "2025-01-02 10:00:00", "tool_call": None, "hook_event": None},
        )


class IssueCompletionTest(DatabaseTestCase):
    def test_completing_an_issue(self):
        queue = PhaseQueueRepository(self.db_path)
        queue.add(5, 1)
        queue.add(5, 2)
        mutations.create_workflow("adw-1", issue_number=5)
        adw_lock.acquire(5, "adw-1")
        result = issue_completion_routes.complete_issue(5)
        self.assertEqual((result["completed_phases"], result["phases"]), (2, {"completed": 2}))
        self.assertEqual(queries.find_workflow("adw-1")["gh_issue_state"], "closed")
        self.assertFalse(adw_lock.is_locked(5))

    def test_an_issue_at_work_is_left_alone(self):
        queue = PhaseQueueRepository(self.db_path)
        queue.add(5, 1, status="running")
        mutations.create_workflow("adw-1", issue_number=5)
        adw_lock.acquire(5, "adw-1")
        with self.assertRaises(RuntimeError):
            issue_completion_routes.complete_issue(5)
        self.assertEqual(queue.find_by_parent(5)[0]["status"], "running")
        self.assertIsNone(queries.find_workflow("adw-1")["gh_issue_state"])
        self.assertTrue(adw_lock.is_locked(5))


class DataRoutesTest(DatabaseTestCase):
    def test_files_come_back_byte_by_byte(self):
        content = bytes(range(256)) * 3
        for slot in range(5):
            file_id = data_routes.post_file(slot, "all bytes.bin", content, compressed=slot == 1)
            self.assertEqual(data_routes.get_file(slot, file_id), ("all bytes.bin", content))
        empty = data_routes.post_file(2, "empty", b"")
        self.assertEqual(data_routes.get_file(2, empty), ("empty", b""))
        self.assertIsNone(data_routes.get_file(3, 99))
        self.assertEqual([row[0] for row in self.fetch("SELECT is_compressed FROM file1")], [1])

    def test_a_filename_occurs_once_in_the_first_slot(self):
        data_routes.post_file(0, "a.csv", b"1")
        with self.assertRaises(sqlite3.IntegrityError):
            data_routes.post_file(0, "a.csv", b"2")
        data_routes.post_file(1, "a.csv", b"1")
        data_routes.post_file(1, "a.csv", b"2")

    def test_tables_with_their_rows(self):
        data_routes.post_file(1, "a.csv", b"1")
        rows = {table["name"]: table["rows"] for table in data_routes.get_tables()}
        self.assertEqual((rows["file1"], rows["empty"]), (1, 0))

    def test_measurements_are_overwritten_by_position(self):
        data_routes.put_measurements("cpu", [0.1, None, 1e-300, -2.5])
        data_routes.put_measurements("mem", [1.0])
        data_routes.put_measurements("cpu", [0.30000000000000004, 7.0])
        self.assertEqual(
            data_routes.get_measurements("cpu"), {"values": [0.30000000000000004, 7.0, 1e-300, -2.5], "missing": 0}
        )
        data_routes.put_measurements("mem", [None, None])
        self.assertEqual(data_routes.get_measurements("mem"), {"values": [None, None], "missing": 2})

    def test_special_values_are_kept(self):
        texts = ["O'Neil \"quoted\"", "line\r\nbreak\ttab", "back\\slash %s %d", "日本語 ελληνικά", "👩‍👩‍👧 🎈", "", None]
        numbers = [2**63 - 1, -(2**63), 0, None, 2**53 + 1, -1, 1]
        self.insert(
            "special",
            *[
                {"id": index, "kind": f"k{index}", "content": text, "big_value": number, "bytes": b"\x00\xff" * index}
                for index, (text, number) in enumerate(zip(texts, numbers), start=1)
            ],
        )
        rows = self.fetch("SELECT content, big_value, bytes FROM special ORDER BY id")
        self.assertEqual([row["content"] for row in rows], texts)
        self.assertEqual([row["big_value"] for row in rows], numbers)
        self.assertEqual([bytes(row["bytes"]) for row in rows], [b"\x00\xff" * index for index in range(1, 8)])

    def test_products(self):
        self.insert(
            "products",
            {"sku": "p1", "name": "Desk lamp", "price": 30.5, "stock": 2, "is_listed": 1, "attributes": '{"colour": "red"}'},
            {"sku": "p2", "name": "LAMP oil", "price": 4.0, "stock": 9, "is_listed": 1, "attributes": None},
            {"sku": "p3", "name": "Old lamp", "price": 1.0, "stock": 0, "is_listed": 0, "attributes": '{"colour": "red"}'},
        )
        self.assertEqual([row["sku"] for row in data_routes.get_products("lamp", "price")], ["p2", "p1"])
        self.assertEqual([row["sku"] for row in data_routes.get_products("lamp", "stock")], ["p1", "p2"])
        self.assertEqual([row["sku"] for row in data_routes.get_products(listed=False)], ["p3"])
        self.assertEqual(data_routes.get_products("oil")[0]["attributes"], {})
        self.assertEqual(data_routes.products_by_colour("red"), ["p1", "p3"])

    def test_people_by_nickname(self):
        self.insert(
            "people",
            {"first_name": "Ann", "last_name": "A", "nickname": None},
            {"first_name": "Bob", "last_name": "B", "nickname": ""},
            {"first_name": "Cy", "last_name": "C", "nickname": "ace"},
            {"first_name": "Di", "last_name": "D", "nickname": "zed"},
        )
        self.assertEqual(
            data_routes.people_by_nickname(), [("Di", "zed"), ("Cy", "ace"), ("Bob", ""), ("Ann", None)]
        )


class DirectoryTest(DatabaseTestCase):
    def test_an_address_belongs_to_one_user(self):
        ada = directory_service.add_user("Ada", "Ada@example.org")
        with self.assertRaises(directory_service.EmailTaken) as raised:
            directory_service.add_user("Eve", "ada@EXAMPLE.org")
        self.assertIn("Ada", str(raised.exception))
        self.assertGreater(directory_service.add_user("Bob", "bob@example.org"), ada)

    def test_logging_in(self):
        ada = directory_service.add_user("Ada", "ada@example.org", is_admin=True)
        directory_service.log_in("ADA@example.org")
        self.assertEqual(
            directory_service.log_in("ada@example.org"), {"id": ada, "name": "Ada", "is_admin": True, "login_count": 2}
        )
        self.assertTrue(directory_service.deactivate(ada))
        self.assertIsNone(directory_service.log_in("ada@example.org"))
        self.assertFalse(directory_service.deactivate(99))

    def test_finding_users(self):
        ada = directory_service.add_user("Ada", "ada@example.org")
        directory_service.add_user("Bob", "bob@example.org")
        directory_service.add_user("Cleo", "cleo@elsewhere.net")
        directory_service.log_in("bob@example.org")
        names = [user["name"] for user in directory_service.find_users("EXAMPLE")]
        self.assertEqual(names, ["Ada", "Bob"])
        directory_service.log_in("ada@example.org")
        directory_service.deactivate(ada)
        self.assertEqual([user["name"] for user in directory_service.find_users()], ["Cleo", "Bob"])
        self.assertEqual([user["name"] for user in directory_service.find_users(active=False)], ["Ada"])

    def test_employees(self):
        def employee(number, name, department, manager, salary, remote):
            return {
                "id": number,
                "name": name,
                "department": department,
                "manager_id": manager,
                "salary": salary,
                "is_remote": remote,
                "hired_at": "2020-01-01 00:00:00",
            }

        self.insert(
            "employees",
            employee(1, "Ada", "Board", None, 100.0, 0),
            employee(2, "Bob", "Labs", 1, 50.5, 1),
            employee(3, "Cy", "Labs", 2, 40.25, 1),
            employee(4, "Di", "Labs", 2, 40.0, 0),
        )
        self.insert(
            "staff",
            {"badge": "b2", "title": "Lead", "employee_id": 2, "on_duty": 1},
            {"badge": "b3", "title": "Tester", "employee_id": 3, "on_duty": 0},
            {"badge": "b4", "title": "Tester", "employee_id": 4, "on_duty": 1},
            {"badge": "b9", "title": "Guest", "employee_id": None, "on_duty": 1},
        )
        self.assertEqual(directory_service.payroll(), [("Board", 1, 0, 100.0), ("Labs", 3, 2, 43.58)])
        self.assertEqual(directory_service.reports_of(1), ["Bob", "Cy", "Di"])
        self.assertEqual(directory_service.reports_of(4), [])
        self.assertEqual(directory_service.duty_roster(), {"Labs": ["Bob", "Di"]})

    def test_a_manager_must_exist(self):
        with self.assertRaises(sqlite3.IntegrityError):
            self.insert(
                "employees",
                {"id": 1, "name": "x", "department": "y", "salary": 1.0, "manager_id": 9, "hired_at": "2020-01-01 00:00:00"},
            )


if __name__ == "__main__":
    unittest.main()

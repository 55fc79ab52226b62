import sqlite3
import unittest

from repositories.phase_queue_repository import PhaseQueueRepository
from services.phase_coordination.phase_coordinator import PhaseCoordinator
from tests.support import DatabaseTestCase
from utils import timestamps


class PhaseQueueTest(DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.queue = PhaseQueueRepository(self.db_path)

    def test_a_phase_is_found_as_it_was_added(self):
        queue_id = self.queue.add(7, 1, {"title": "Plan", "steps": ["read", "write"], "deep": {"x": None}})
        phase = self.queue.find_by_id(queue_id)
        self.assertEqual(phase["parent_issue"], 7)
        self.assertEqual(phase["phase_data"], {"title": "Plan", "steps": ["read", "write"], "deep": {"x": None}})
        self.assertEqual((phase["status"], phase["priority"], phase["is_paused"]), ("pending", 50, False))
        self.assertIsNone(phase["ready_timestamp"])
        timestamps.parse(phase["created_at"])
        self.assertEqual(len(phase["created_at"]), 19)

    def test_ids_and_positions_grow(self):
        first, second = self.queue.add(1, 1), self.queue.add(1, 2)
        self.assertEqual(second, first + 1)
        self.assertEqual([phase["queue_position"] for phase in self.queue.find_by_parent(1)], [1, 2])

    def test_no_such_phase(self):
        self.assertIsNone(self.queue.find_by_id(99))
        self.assertFalse(self.queue.update_status(99, "failed"))

    def test_a_phase_number_occurs_once_in_an_issue(self):
        self.queue.add(1, 1)
        with self.assertRaises(sqlite3.IntegrityError):
            self.queue.add(1, 1)
        self.queue.add(2, 1)
        # Phases without an issue do not get into each other's way
        self.queue.add(None, 1)
        self.queue.add(None, 1)

    def test_unknown_status_is_refused(self):
        queue_id = self.queue.add(1, 1)
        with self.assertRaises(sqlite3.IntegrityError):
            self.queue.update_status(queue_id, "lost")
        self.assertEqual(self.queue.find_by_id(queue_id)["status"], "pending")

    def test_find_by_ids(self):
        ids = [self.queue.add(1, number) for number in (1, 2, 3)]
        found = self.queue.find_by_ids([ids[2], ids[0], 99])
        self.assertEqual([phase["queue_id"] for phase in found], [ids[0], ids[2]])
        self.assertEqual(self.queue.find_by_ids([]), [])

    def test_search_combines_conditions(self):
        a = self.queue.add(1, 1, priority=10)
        b = self.queue.add(1, 2, priority=90)
        c = self.queue.add(2, 1, priority=90, status="ready")
        self.assertEqual([phase["queue_id"] for phase in self.queue.search()], [b, c, a])
        self.assertEqual([phase["queue_id"] for phase in self.queue.search(parent_issue=1)], [b, a])
        self.assertEqual([phase["queue_id"] for phase in self.queue.search(status="ready", paused=False)], [c])
        self.assertEqual(self.queue.search(status="ready", parent_issue=1), [])

    def test_pausing(self):
        a = self.queue.add(1, 1, status="completed")
        b = self.queue.add(1, 2)
        self.assertEqual(self.queue.set_paused(1, True), 1)
        self.assertEqual([phase["queue_id"] for phase in self.queue.search(paused=True)], [b])
        self.assertEqual([phase["queue_id"] for phase in self.queue.search(paused=False)], [a])
        self.queue.set_paused(1, False)
        self.assertEqual(self.queue.search(paused=True), [])

    def test_claiming_takes_the_most_urgent_phase(self):
        self.queue.add(1, 1, priority=20, status="ready")
        urgent = self.queue.add(2, 1, priority=80, status="ready")
        self.queue.add(3, 1, priority=99)
        claimed = self.queue.claim_next()
        self.assertEqual((claimed["queue_id"], claimed["status"]), (urgent, "running"))
        self.assertIsNotNone(claimed["started_at"])
        self.assertEqual(self.queue.claim_next()["parent_issue"], 1)
        self.assertIsNone(self.queue.claim_next())

    def test_marking_ready_happens_once(self):
        queue_id = self.queue.add(1, 1)
        self.assertTrue(self.queue.mark_ready(queue_id))
        self.assertFalse(self.queue.mark_ready(queue_id))
        self.assertIsNotNone(self.queue.find_by_id(queue_id)["ready_timestamp"])

    def test_order_by_readiness(self):
        late, never, early = [self.queue.add(1, number) for number in (1, 2, 3)]
        self.queue.mark_ready(late, "2025-03-01 12:00:00")
        self.queue.mark_ready(early, "2025-02-01 12:00:00")
        ids = [phase["queue_id"] for phase in self.queue.by_readiness()]
        self.assertEqual(ids, [never, early, late])
        ids = [phase["queue_id"] for phase in self.queue.by_readiness(newest_first=True)]
        self.assertEqual(ids, [late, early, never])
        self.assertEqual(self.queue.find_by_id(late)["ready_timestamp"], "2025-03-01 12:00:00")

    def test_stalled_phases(self):
        self.insert(
            "phase_queue",
            {"queue_position": 1, "status": "running", "started_at": timestamps.from_now(minutes=-45)},
            {"queue_position": 2, "status": "running", "started_at": timestamps.from_now(minutes=-5)},
            {"queue_position": 3, "status": "ready", "started_at": timestamps.from_now(minutes=-45)},
        )
        self.assertEqual(self.queue.stalled(), [1])
        self.assertEqual(self.queue.stalled("-1 minutes"), [1, 2])


class PhaseCoordinatorTest(DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.coordinator = PhaseCoordinator(self.db_path)

    def statuses(self, issue):
        return [phase["status"] for phase in self.coordinator.queue.find_by_parent(issue)]

    def test_completing_a_phase_makes_the_next_ready(self):
        ids = self.coordinator.enqueue(5, [{"title": "a"}, {"title": "b", "priority": 70}])
        self.assertEqual(self.statuses(5), ["ready", "pending"])
        self.assertEqual(self.coordinator.complete(ids[0]), ids[1])
        self.assertEqual(self.statuses(5), ["completed", "ready"])
        self.assertIsNone(self.coordinator.complete(ids[1]))

    def test_failing_a_phase_fails_the_rest(self):
        ids = self.coordinator.enqueue(5, [{}, {}, {}])
        self.coordinator.complete(ids[0])
        self.assertEqual(self.coordinator.fail(ids[1], "it's broken"), 2)
        self.assertEqual(self.statuses(5), ["completed", "failed", "failed"])
        self.assertEqual(self.coordinator.queue.find_by_id(ids[2])["error_message"], "it's broken")

    def test_progress_of_every_issue(self):
        ids = self.coordinator.enqueue(5, [{}, {"priority": 60}])
        self.coordinator.enqueue(3, [{}])
        self.coordinator.complete(ids[0])
        self.assertEqual(
            self.coordinator.progress(),
            [
                {"parent_issue": 3, "phases": 1, "completed": 0, "priority": 50},
                {"parent_issue": 5, "phases": 2, "completed": 1, "priority": 60},
            ],
        )


if __name__ == "__main__":
    unittest.main()

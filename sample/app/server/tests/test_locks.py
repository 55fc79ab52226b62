import sqlite3
import unittest

from core import adw_lock
from tests.support import DatabaseTestCase
from utils import timestamps


class LockTest(DatabaseTestCase):
    def test_one_workflow_at_a_time(self):
        self.assertTrue(adw_lock.acquire(5, "adw-1"))
        self.assertFalse(adw_lock.acquire(5, "adw-2"))
        self.assertTrue(adw_lock.acquire(5, "adw-1"))
        self.assertTrue(adw_lock.acquire(6, "adw-2"))
        self.assertTrue(adw_lock.is_locked(5))
        self.assertFalse(adw_lock.is_locked(7))

    def test_releasing_is_for_the_holder(self):
        adw_lock.acquire(5, "adw-1")
        self.assertFalse(adw_lock.release(5, "adw-2"))
        self.assertTrue(adw_lock.release(5, "adw-1"))
        self.assertTrue(adw_lock.acquire(5, "adw-2"))

    def test_a_lock_that_ran_out_is_taken(self):
        adw_lock.acquire(5, "adw-1", expires_at=timestamps.from_now(minutes=-10))
        self.assertTrue(adw_lock.acquire(5, "adw-2", expires_at=timestamps.from_now(minutes=10)))
        self.assertFalse(adw_lock.acquire(5, "adw-3"))

    def test_renewing(self):
        adw_lock.acquire(5, "adw-1", expires_at=timestamps.from_now(minutes=-10))
        self.assertTrue(adw_lock.renew(5, "adw-1", "building"))
        self.assertFalse(adw_lock.renew(5, "adw-2", "building"))
        self.assertFalse(adw_lock.acquire(5, "adw-2"))
        with self.assertRaises(sqlite3.IntegrityError):
            adw_lock.renew(5, "adw-1", "sleeping")

    def test_taking_over_writes_the_whole_lock(self):
        adw_lock.acquire(5, "adw-1", github_url="https://example.org/5")
        adw_lock.take_over(
            {"issue_number": 5, "adw_id": "adw-2", "status": "testing", "acquired_at": "2025-01-01 00:00:00"}
        )
        (lock,) = self.fetch("SELECT * FROM adw_locks")
        self.assertEqual((lock["adw_id"], lock["status"], lock["github_url"]), ("adw-2", "testing", None))
        self.assertEqual(lock["acquired_at"], "2025-01-01 00:00:00")

    def test_order_by_expiry(self):
        adw_lock.acquire(1, "a", expires_at=timestamps.from_now(hours=2))
        adw_lock.acquire(2, "b")
        adw_lock.acquire(3, "c", expires_at=timestamps.from_now(hours=1))
        self.assertEqual(adw_lock.by_expiry(), [2, 3, 1])


if __name__ == "__main__":
    unittest.main()

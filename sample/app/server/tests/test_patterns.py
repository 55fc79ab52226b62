import sqlite3
import unittest

from core import pattern_persistence as patterns
from core import pattern_predictor
from repositories.cost_savings_repository import CostSavingsRepository
from tests.manual.query_pattern_stats import pattern_stats
from tests.support import DatabaseTestCase
from utils import timestamps


class PatternTest(DatabaseTestCase):
    def test_a_pattern_seen_again_counts_and_becomes_more_certain(self):
        first = patterns.record_pattern("test:pytest:all", "test", ["read", "run"], "adw-1", 100.0, 0.1, {"files": 3})
        again = patterns.record_pattern("test:pytest:all", "test", ["run"], "adw-2", 200.0)
        self.assertEqual(first, again)
        pattern = patterns.find_pattern(first)
        self.assertEqual((pattern["occurrence_count"], pattern["confidence_score"]), (2, 15.0))
        self.assertEqual((pattern["typical_operations"], pattern["avg_tokens"]), (["run"], 200.0))
        self.assertIsNone(pattern["avg_cost_usd"])
        self.assertIs(pattern["is_automatable"], False)
        seen = patterns.occurrences(first)
        self.assertEqual([row["workflow_id"] for row in seen], ["adw-1", "adw-2"])
        self.assertEqual([row["matched_characteristics"] for row in seen], [{"files": 3}, {}])

    def test_a_workflow_shows_a_pattern_once(self):
        for _ in range(3):
            pattern_id = patterns.record_pattern("git:commit", "git", [], "adw-1")
        self.assertEqual(len(patterns.occurrences(pattern_id)), 1)
        self.assertEqual(patterns.find_pattern(pattern_id)["occurrence_count"], 3)

    def test_certainty_ends_at_100(self):
        self.insert("operation_patterns", {"pattern_signature": "a", "pattern_type": "docs", "confidence_score": 98.0})
        pattern_id = patterns.record_pattern("a", "docs", [], "adw-1")
        self.assertEqual(patterns.find_pattern(pattern_id)["confidence_score"], 100.0)

    def test_adding_by_hand_gives_the_pattern_that_exists(self):
        first = patterns.add_pattern("build:vite", "build")
        self.assertEqual(patterns.add_pattern("build:vite", "build"), first)
        self.assertNotEqual(patterns.add_pattern("build:tsc", "build"), first)
        self.assertEqual(patterns.find_pattern(first)["occurrence_count"], 0)

    def test_approving(self):
        ids = [patterns.add_pattern(name, "build") for name in ("a", "b", "c")]
        self.assertEqual(patterns.approve(ids[:2], "Ada"), 2)
        self.assertEqual(patterns.approve(ids, "Bob"), 1)
        self.assertEqual(patterns.approve([], "Bob"), 0)
        pattern = patterns.find_pattern(ids[0])
        self.assertEqual((pattern["automation_status"], pattern["reviewed_by"]), ("approved", "Ada"))
        self.assertIs(pattern["is_automatable"], True)
        self.assertEqual(pattern_predictor.coverage(), {"total": 3, "automatable": 3})

    def test_deleting_a_pattern(self):
        pattern_id = patterns.record_pattern("git:commit", "git", [], "adw-1")
        log = CostSavingsRepository(self.db_path)
        log.log("pattern_offload", "adw-1", 100, 10, 0.5, pattern_id=pattern_id)
        self.assertEqual(len(log.of_pattern(pattern_id)), 1)
        self.assertTrue(patterns.delete_pattern(pattern_id))
        self.assertEqual(patterns.occurrences(pattern_id), [])
        self.assertEqual(log.of_pattern(pattern_id), [])
        # What it saved is still known
        self.assertEqual(log.recent_total(), 0.5)

    def test_merging(self):
        source = patterns.record_pattern("a", "git", [], "adw-1")
        patterns.record_pattern("a", "git", [], "adw-2")
        target = patterns.record_pattern("b", "git", [], "adw-2")
        patterns.merge_patterns(source, target)
        self.assertIsNone(patterns.find_pattern(source))
        self.assertEqual(patterns.find_pattern(target)["occurrence_count"], 2)
        self.assertEqual({row["workflow_id"] for row in patterns.occurrences(target)}, {"adw-1", "adw-2"})

    def test_a_merge_that_fails_changes_nothing(self):
        source = patterns.record_pattern("a", "git", [], "adw-1")
        with self.assertRaises((sqlite3.IntegrityError, LookupError)):
            patterns.merge_patterns(source, 999)
        self.assertEqual(len(patterns.occurrences(source)), 1)
        self.assertIsNotNone(patterns.find_pattern(source))


class PredictorTest(DatabaseTestCase):
    def add(self, signature, score=50.0, last_seen_days=0, pattern_type="test"):
        self.insert(
            "operation_patterns",
            {
                "pattern_signature": signature,
                "pattern_type": pattern_type,
                "confidence_score": score,
                "last_seen_at": timestamps.from_now(days=-last_seen_days),
            },
        )

    def test_prediction_by_words(self):
        self.add("test:pytest:backend", 70.0)
        self.add("build:Backend", 90.0)
        self.add("docs:readme", 99.0)
        self.assertEqual(pattern_predictor.predict("run the BACKEND"), ["build:Backend", "test:pytest:backend"])
        self.assertEqual(pattern_predictor.predict("backend readme", limit=1), ["docs:readme"])
        self.assertEqual(pattern_predictor.predict("a b"), [])

    def test_recent_patterns(self):
        patterns.record_pattern("a", "git", [], "adw-1")
        patterns.record_pattern("b", "git", [], "adw-1")
        patterns.record_pattern("b", "git", [], "adw-2")
        self.insert(
            "pattern_occurrences",
            {"pattern_id": 1, "workflow_id": "adw-9", "detected_at": timestamps.from_now(days=-9)},
        )
        self.assertEqual([(row["pattern_signature"], row["seen"]) for row in pattern_predictor.recent()], [("b", 2), ("a", 1)])
        self.assertEqual(len(pattern_predictor.recent(at_least=2)), 1)
        self.assertEqual([row["seen"] for row in pattern_predictor.recent(days=10, at_least=2)], [2, 2])

    def test_unused_patterns_fade(self):
        self.add("old", 50.0, last_seen_days=120)
        self.add("new", 50.0, last_seen_days=5)
        self.assertEqual(pattern_predictor.fade_unused(), 1)
        scores = self.fetch("SELECT pattern_signature, confidence_score FROM operation_patterns ORDER BY id")
        self.assertEqual([tuple(row) for row in scores], [("old", 25.0), ("new", 50.0)])

    def test_coverage_of_nothing(self):
        self.assertEqual(pattern_predictor.coverage(), {"total": 0, "automatable": 0})

    def test_stats_by_type(self):
        self.add("a", 10.0, 1)
        self.add("b", 15.0, 20)
        self.add("c", 1.0, 20, "git")
        stats = pattern_stats()
        self.assertEqual(
            [(row["pattern_type"], row["patterns"], row["mean_confidence"], row["seen_this_week"]) for row in stats],
            [("test", 2, 12.5, 1), ("git", 1, 1.0, 0)],
        )


class CostSavingsTest(DatabaseTestCase):
    def setUp(self):
        super().setUp()
        self.log = CostSavingsRepository(self.db_path)

    def test_by_month(self):
        self.log.log("tool_call", "adw-1", 1000, 100, 0.111, created_at="2025-01-31 23:59:59")
        self.log.log("tool_call", "adw-2", 1000, 200, 0.222, created_at="2025-01-01 00:00:00")
        self.log.log("input_split", "adw-3", 500, 400, 0.5, created_at="2025-02-01 00:00:00")
        self.assertEqual(
            self.log.by_month(),
            [
                {"month": "2025-01", "entries": 2, "tokens_saved": 1700, "cost_saved": 0.33},
                {"month": "2025-02", "entries": 1, "tokens_saved": 100, "cost_saved": 0.5},
            ],
        )

    def test_recent_total(self):
        self.assertEqual(self.log.recent_total(), 0)
        self.log.log("tool_call", "adw-1", 10, 1, 0.5)
        self.log.log("tool_call", "adw-1", 10, 1, 0.25, is_estimated=True)
        self.log.log("tool_call", "adw-1", 10, 1, 4.0, created_at=timestamps.from_now(days=-10))
        self.assertEqual(self.log.recent_total(), 0.5)
        self.assertEqual(self.log.recent_total(with_estimates=True), 0.75)
        self.assertEqual(self.log.recent_total(days=30, with_estimates=True), 4.75)


if __name__ == "__main__":
    unittest.main()

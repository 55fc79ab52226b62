"""Tables of the workflow history."""
from typing import Optional

from utils.db_connection import get_connection

CREATE_WORKFLOW_HISTORY = """
CREATE TABLE IF NOT EXISTS workflow_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    adw_id TEXT NOT NULL UNIQUE,
    issue_number INTEGER,
    issue_title TEXT,
    nl_input TEXT,
    github_url TEXT,
    gh_issue_state TEXT CHECK(gh_issue_state IN ('open', 'closed')),
    pr_number INTEGER,
    branch_name TEXT,
    workflow_template TEXT NOT NULL DEFAULT 'adw_sdlc',
    model_used TEXT,
    status TEXT NOT NULL DEFAULT 'pending'
        CHECK(status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    start_time TEXT,
    end_time TEXT,
    duration_seconds INTEGER,
    idle_time_seconds INTEGER,
    hour_of_day INTEGER,
    day_of_week INTEGER,
    error_message TEXT,
    error_category TEXT,
    retry_count INTEGER NOT NULL DEFAULT 0,
    phase_count INTEGER,
    current_phase TEXT,
    bottleneck_phase TEXT,
    phase_durations TEXT,
    success_rate REAL,
    worktree_path TEXT,
    backend_port INTEGER,
    frontend_port INTEGER,
    concurrent_workflows INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    cached_tokens INTEGER NOT NULL DEFAULT 0,
    cache_hit_tokens INTEGER NOT NULL DEFAULT 0,
    cache_miss_tokens INTEGER NOT NULL DEFAULT 0,
    total_tokens INTEGER NOT NULL DEFAULT 0,
    cache_efficiency_percent REAL,
    estimated_cost_total REAL NOT NULL DEFAULT 0.0,
    actual_cost_total REAL NOT NULL DEFAULT 0.0,
    cost_breakdown TEXT,
    token_breakdown TEXT,
    complexity_score REAL,
    quality_score REAL,
    efficiency_score REAL,
    structured_input TEXT,
    structured_output TEXT,
    anomaly_flags TEXT,
    tags TEXT,
    execution_log TEXT,
    is_archived INTEGER NOT NULL DEFAULT 0 CHECK(is_archived IN (0, 1)),
    is_dry_run INTEGER NOT NULL DEFAULT 0 CHECK(is_dry_run IN (0, 1)),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    archived_at TEXT
);
"""

CREATE_WORKFLOW_ERRORS = """
CREATE TABLE IF NOT EXISTS workflow_errors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    adw_id TEXT NOT NULL,
    phase TEXT NOT NULL,
    severity TEXT NOT NULL DEFAULT 'error' CHECK(severity IN ('warning', 'error', 'fatal')),
    message TEXT NOT NULL,
    context TEXT,
    is_resolved INTEGER NOT NULL DEFAULT 0,
    occurred_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    resolved_at TEXT,
    FOREIGN KEY (adw_id) REFERENCES workflow_history(adw_id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_workflow_errors_adw ON workflow_errors(adw_id, occurred_at DESC);
"""


def ensure_history_tables(db_path: Optional[str] = None) -> None:
    """Create the tables of the workflow history where they do not exist yet."""
    with get_connection(db_path) as conn:
        conn.executescript(CREATE_WORKFLOW_HISTORY)
        conn.executescript(CREATE_WORKFLOW_ERRORS)
        conn.execute("CREATE INDEX IF NOT EXISTS idx_workflow_history_status ON workflow_history(status)")

-- Schema of the workflow dashboard's database.
--
-- Tables come in the order in which they can be created: a table that is
-- referenced by another stands before it. Points in time are UTC text of the
-- form 'YYYY-MM-DD HH:MM:SS'; flags are 0 or 1; structured values are JSON text.

-- ---------------------------------------------------------------------------
-- Workflow history: one row for every workflow that was ever started
-- ---------------------------------------------------------------------------
CREATE TABLE workflow_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    adw_id TEXT NOT NULL UNIQUE,
    issue_number INTEGER,
    issue_title TEXT,
    nl_input TEXT,                         -- the request as the user typed it
    github_url TEXT,
    gh_issue_state TEXT CHECK(gh_issue_state IN ('open', 'closed')),
    pr_number INTEGER,
    branch_name TEXT,
    workflow_template TEXT NOT NULL DEFAULT 'adw_sdlc',
    model_used TEXT,
    status TEXT NOT NULL DEFAULT 'pending'
        CHECK(status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),

    -- Timing
    start_time TEXT,
    end_time TEXT,
    duration_seconds INTEGER,
    idle_time_seconds INTEGER,
    hour_of_day INTEGER,
    day_of_week INTEGER,

    -- Errors
    error_message TEXT,
    error_category TEXT,
    retry_count INTEGER NOT NULL DEFAULT 0,

    -- Phases
    phase_count INTEGER,
    current_phase TEXT,
    bottleneck_phase TEXT,
    phase_durations TEXT,                  -- JSON object: phase name to seconds
    success_rate REAL,

    -- Where it ran
    worktree_path TEXT,
    backend_port INTEGER,
    frontend_port INTEGER,
    concurrent_workflows INTEGER NOT NULL DEFAULT 0,

    -- Tokens
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    cached_tokens INTEGER NOT NULL DEFAULT 0,
    cache_hit_tokens INTEGER NOT NULL DEFAULT 0,
    cache_miss_tokens INTEGER NOT NULL DEFAULT 0,
    total_tokens INTEGER NOT NULL DEFAULT 0,
    cache_efficiency_percent REAL,

    -- Cost in US dollars
    estimated_cost_total REAL NOT NULL DEFAULT 0.0,
    actual_cost_total REAL NOT NULL DEFAULT 0.0,
    cost_breakdown TEXT,                   -- JSON object: phase name to dollars
    token_breakdown TEXT,                  -- JSON object

    -- Scores
    complexity_score REAL,
    quality_score REAL,
    efficiency_score REAL,

    -- Structured values and the log
    structured_input TEXT,                 -- JSON object
    structured_output TEXT,                -- JSON object
    anomaly_flags TEXT,                    -- JSON array of strings
    tags TEXT,                             -- JSON array of strings
    execution_log TEXT,

    is_archived INTEGER NOT NULL DEFAULT 0 CHECK(is_archived IN (0, 1)),
    is_dry_run INTEGER NOT NULL DEFAULT 0 CHECK(is_dry_run IN (0, 1)),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    archived_at TEXT
);

CREATE INDEX idx_workflow_history_status ON workflow_history(status);
CREATE INDEX idx_workflow_history_created_at ON workflow_history(created_at DESC);
CREATE INDEX idx_workflow_history_issue ON workflow_history(issue_number);
CREATE INDEX idx_workflow_history_model ON workflow_history(model_used, status);
CREATE INDEX idx_workflow_history_template ON workflow_history(workflow_template, created_at DESC);
-- The list on the front page shows unfinished workflows only
CREATE INDEX idx_workflow_history_active ON workflow_history(status, created_at)
    WHERE status IN ('pending', 'running');

-- ---------------------------------------------------------------------------
-- Errors that a workflow met on its way, also those it recovered from
-- ---------------------------------------------------------------------------
CREATE TABLE workflow_errors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    adw_id TEXT NOT NULL,
    phase TEXT NOT NULL,
    severity TEXT NOT NULL DEFAULT 'error' CHECK(severity IN ('warning', 'error', 'fatal')),
    message TEXT NOT NULL,
    context TEXT,                          -- JSON object
    is_resolved INTEGER NOT NULL DEFAULT 0,
    occurred_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    resolved_at TEXT,
    FOREIGN KEY (adw_id) REFERENCES workflow_history(adw_id) ON DELETE CASCADE
);

CREATE INDEX idx_workflow_errors_adw ON workflow_errors(adw_id, occurred_at DESC);
CREATE INDEX idx_workflow_errors_open ON workflow_errors(severity) WHERE is_resolved = 0;

-- ---------------------------------------------------------------------------
-- Locks: one workflow at a time may work on an issue
-- ---------------------------------------------------------------------------
CREATE TABLE adw_locks (
    issue_number INTEGER PRIMARY KEY,
    adw_id TEXT NOT NULL,
    status TEXT NOT NULL
        CHECK(status IN ('planning', 'building', 'testing', 'reviewing', 'documenting')),
    github_url TEXT,
    hostname TEXT,
    process_id INTEGER,
    acquired_at TEXT NOT NULL DEFAULT (datetime('now')),
    expires_at TEXT,
    updated_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE INDEX idx_adw_locks_adw_id ON adw_locks(adw_id);
CREATE INDEX idx_adw_locks_status ON adw_locks(status);
CREATE INDEX idx_adw_locks_expires_at ON adw_locks(expires_at);

-- ---------------------------------------------------------------------------
-- Queue of phases
-- ---------------------------------------------------------------------------
CREATE TABLE phase_queue (
    queue_id INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_issue INTEGER,
    phase_number INTEGER,
    issue_number INTEGER,                  -- the phase's own issue, once opened
    status TEXT NOT NULL DEFAULT 'pending'
        CHECK(status IN ('pending', 'ready', 'running', 'completed', 'failed')),
    depends_on_phase INTEGER,
    phase_data TEXT,                       -- JSON object
    error_message TEXT,
    is_paused INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    priority INTEGER NOT NULL DEFAULT 50,
    queue_position INTEGER NOT NULL,
    ready_timestamp TEXT,
    started_at TEXT,
    UNIQUE(queue_id)
);

CREATE INDEX idx_phase_queue_status ON phase_queue(status);
CREATE INDEX idx_phase_queue_parent ON phase_queue(parent_issue);
CREATE INDEX idx_phase_queue_issue ON phase_queue(parent_issue, status);
CREATE INDEX idx_phase_queue_priority ON phase_queue(status, priority DESC, queue_position ASC);
CREATE UNIQUE INDEX idx_phase_queue_phase ON phase_queue(parent_issue, phase_number);

-- ---------------------------------------------------------------------------
-- Tools that workflows may call instead of a model
-- ---------------------------------------------------------------------------
CREATE TABLE adw_tools (
    tool_name TEXT PRIMARY KEY NOT NULL,
    description TEXT NOT NULL,
    script_path TEXT NOT NULL,
    input_patterns TEXT NOT NULL,          -- JSON array of strings
    output_format TEXT,                    -- JSON object
    status TEXT NOT NULL DEFAULT 'active'
        CHECK(status IN ('active', 'experimental', 'deprecated')),
    enabled INTEGER NOT NULL DEFAULT 1,
    total_invocations INTEGER NOT NULL DEFAULT 0,
    avg_duration_ms INTEGER,
    avg_cost_usd REAL,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_adw_tools_status ON adw_tools(status, enabled);

-- ---------------------------------------------------------------------------
-- Tool calls
-- ---------------------------------------------------------------------------
CREATE TABLE tool_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tool_call_id TEXT NOT NULL UNIQUE,
    workflow_id TEXT NOT NULL REFERENCES workflow_history(adw_id) ON DELETE CASCADE,
    tool_name TEXT NOT NULL,
    tool_params TEXT,                      -- JSON object
    result_data TEXT,                      -- JSON object
    called_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    completed_at TEXT,
    duration_ms INTEGER,
    success INTEGER NOT NULL DEFAULT 0,
    error_message TEXT,
    tokens_saved INTEGER NOT NULL DEFAULT 0,
    cost_saved_usd REAL NOT NULL DEFAULT 0.0
);

CREATE INDEX idx_tool_calls_workflow ON tool_calls(workflow_id);
CREATE INDEX idx_tool_calls_tool ON tool_calls(tool_name, called_at DESC);
CREATE INDEX idx_tool_calls_called_at ON tool_calls(called_at);
CREATE INDEX idx_tool_calls_failed ON tool_calls(tool_name) WHERE success = 0;

-- ---------------------------------------------------------------------------
-- Patterns of operations, and the workflows in which they were seen
-- ---------------------------------------------------------------------------
CREATE TABLE operation_patterns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_signature TEXT NOT NULL UNIQUE,
    pattern_type TEXT NOT NULL CHECK(pattern_type IN ('test', 'build', 'format', 'git', 'deps', 'docs')),
    automation_status TEXT NOT NULL DEFAULT 'detected'
        CHECK(automation_status IN ('detected', 'candidate', 'approved', 'implemented', 'deprecated')),
    typical_operations TEXT,               -- JSON array of strings
    occurrence_count INTEGER NOT NULL DEFAULT 1,
    avg_tokens REAL,
    avg_cost_usd REAL,
    confidence_score REAL NOT NULL DEFAULT 10.0,
    is_automatable INTEGER NOT NULL DEFAULT 0,
    reviewed_by TEXT,
    first_seen_at TEXT NOT NULL DEFAULT (datetime('now')),
    last_seen_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE INDEX idx_operation_patterns_type ON operation_patterns(pattern_type);
CREATE INDEX idx_operation_patterns_status ON operation_patterns(automation_status, confidence_score DESC);
CREATE INDEX idx_operation_patterns_seen ON operation_patterns(last_seen_at DESC);

CREATE TABLE pattern_occurrences (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pattern_id INTEGER NOT NULL,
    workflow_id TEXT NOT NULL,
    similarity_score REAL NOT NULL DEFAULT 100.0,
    matched_characteristics TEXT,          -- JSON object
    detected_at TEXT NOT NULL DEFAULT (datetime('now')),
    FOREIGN KEY (pattern_id) REFERENCES operation_patterns(id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX idx_pattern_occurrences_once ON pattern_occurrences(pattern_id, workflow_id);
CREATE INDEX idx_pattern_occurrences_workflow ON pattern_occurrences(workflow_id);
CREATE INDEX idx_pattern_occurrences_detected ON pattern_occurrences(detected_at DESC);

-- ---------------------------------------------------------------------------
-- Events sent by the hooks of a running workflow
-- ---------------------------------------------------------------------------
CREATE TABLE hook_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_type TEXT NOT NULL
        CHECK(event_type IN ('PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'SessionStart', 'Stop')),
    session_id TEXT NOT NULL,
    workflow_id TEXT,
    tool_name TEXT,
    payload TEXT NOT NULL,                 -- JSON object
    processed INTEGER NOT NULL DEFAULT 0,
    processed_at TEXT,
    created_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE INDEX idx_hook_events_session ON hook_events(session_id, id);
CREATE INDEX idx_hook_events_type ON hook_events(event_type, created_at DESC);
CREATE INDEX idx_hook_events_unprocessed ON hook_events(created_at) WHERE processed = 0;

-- ---------------------------------------------------------------------------
-- What was saved, and by which means
-- ---------------------------------------------------------------------------
CREATE TABLE cost_savings_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    optimization_type TEXT NOT NULL
        CHECK(optimization_type IN ('tool_call', 'input_split', 'pattern_offload', 'inverted_flow')),
    workflow_id TEXT NOT NULL,
    pattern_id INTEGER REFERENCES operation_patterns(id) ON DELETE SET NULL,
    baseline_tokens INTEGER NOT NULL,
    actual_tokens INTEGER NOT NULL,
    cost_saved_usd REAL NOT NULL,
    is_estimated INTEGER NOT NULL DEFAULT 0,
    notes TEXT,
    created_at TEXT NOT NULL DEFAULT (datetime('now'))
);

CREATE INDEX idx_cost_savings_type ON cost_savings_log(optimization_type, created_at DESC);
CREATE INDEX idx_cost_savings_workflow ON cost_savings_log(workflow_id);

-- ---------------------------------------------------------------------------
-- Settings of the queue
-- ---------------------------------------------------------------------------
CREATE TABLE queue_config (
    config_key TEXT PRIMARY KEY NOT NULL,
    config_value TEXT NOT NULL,
    value_type TEXT NOT NULL DEFAULT 'string'
        CHECK(value_type IN ('string', 'integer', 'boolean')),
    is_active INTEGER NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- ---------------------------------------------------------------------------
-- Directory: people who use the dashboard or are shown in it
-- ---------------------------------------------------------------------------
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    bio TEXT,
    is_active INTEGER NOT NULL DEFAULT 1 CHECK(is_active IN (0, 1)),
    is_admin INTEGER NOT NULL DEFAULT 0 CHECK(is_admin IN (0, 1)),
    login_count INTEGER NOT NULL DEFAULT 0,
    last_login_at TEXT,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE UNIQUE INDEX idx_users_email ON users(lower(email));
CREATE INDEX idx_users_active ON users(name) WHERE is_active = 1;

CREATE TABLE employees (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    department TEXT NOT NULL,
    salary REAL NOT NULL CHECK(salary >= 0),
    manager_id INTEGER REFERENCES employees(id),
    is_remote INTEGER NOT NULL DEFAULT 0,
    hired_at TEXT NOT NULL
);

CREATE INDEX idx_employees_department ON employees(department, salary DESC);

CREATE TABLE staff (
    staff_id INTEGER PRIMARY KEY AUTOINCREMENT,
    employee_id INTEGER REFERENCES employees(id) ON DELETE SET NULL,
    badge TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    on_duty INTEGER NOT NULL DEFAULT 1
);

CREATE INDEX idx_staff_employee ON staff(employee_id);

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    city TEXT,
    age INTEGER,
    nickname TEXT                          -- NULL: none known; '': has none
);

CREATE INDEX idx_people_name ON people(last_name, first_name);

-- ---------------------------------------------------------------------------
-- Uploads and measurements: what users brought to try the queries with
-- ---------------------------------------------------------------------------
CREATE TABLE products (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT,
    price REAL NOT NULL DEFAULT 0.0,
    stock INTEGER NOT NULL DEFAULT 0,
    is_listed INTEGER NOT NULL DEFAULT 1,
    attributes TEXT,                       -- JSON object
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX idx_products_price ON products(price DESC, name);
CREATE INDEX idx_products_listed ON products(name) WHERE is_listed = 1;

CREATE TABLE data (
    series TEXT NOT NULL,
    position INTEGER NOT NULL,
    value REAL,
    label TEXT,
    recorded_at TEXT,
    PRIMARY KEY (series, position)
);

CREATE TABLE empty (
    id INTEGER PRIMARY KEY,
    name TEXT,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE large (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL,
    big_value INTEGER NOT NULL,            -- the whole range of 64 bits
    ratio REAL,
    label TEXT,
    content BLOB,
    payload TEXT,                          -- JSON object
    is_valid INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL
);

CREATE INDEX idx_large_batch ON large(batch, id DESC);

-- Values that are easily damaged on their way: quotes, line ends, other scripts
CREATE TABLE special (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL UNIQUE,
    content TEXT,
    bytes BLOB,
    big_value INTEGER,
    approximate REAL
);

CREATE TABLE file0 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    filename TEXT NOT NULL,
    content BLOB NOT NULL,
    byte_size INTEGER NOT NULL,
    is_compressed INTEGER NOT NULL DEFAULT 0,
    uploaded_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE file1 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    filename TEXT NOT NULL,
    content BLOB NOT NULL,
    byte_size INTEGER NOT NULL,
    is_compressed INTEGER NOT NULL DEFAULT 0,
    uploaded_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE file2 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    filename TEXT NOT NULL,
    content BLOB NOT NULL,
    byte_size INTEGER NOT NULL,
    is_compressed INTEGER NOT NULL DEFAULT 0,
    uploaded_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE file3 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    filename TEXT NOT NULL,
    content BLOB NOT NULL,
    byte_size INTEGER NOT NULL,
    is_compressed INTEGER NOT NULL DEFAULT 0,
    uploaded_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE file4 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    filename TEXT NOT NULL,
    content BLOB NOT NULL,
    byte_size INTEGER NOT NULL,
    is_compressed INTEGER NOT NULL DEFAULT 0,
    uploaded_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE UNIQUE INDEX idx_file0_filename ON file0(filename);

-- One row for every sensor reading, as the device sends it
CREATE TABLE wide (
    id INTEGER PRIMARY KEY,
    col_01 INTEGER,
    col_02 REAL,
    col_03 TEXT,
    col_04 INTEGER,
    col_05 REAL,
    col_06 TEXT,
    col_07 INTEGER,
    col_08 REAL,
    col_09 TEXT,
    col_10 INTEGER,
    col_11 REAL,
    col_12 TEXT,
    col_13 INTEGER,
    col_14 REAL,
    col_15 TEXT,
    col_16 INTEGER,
    col_17 REAL,
    col_18 TEXT,
    col_19 INTEGER,
    col_20 REAL,
    col_21 TEXT,
    col_22 INTEGER,
    col_23 REAL,
    col_24 TEXT,
    col_25 INTEGER,
    col_26 REAL,
    col_27 TEXT,
    col_28 INTEGER,
    col_29 REAL,
    col_30 TEXT,
    col_31 INTEGER,
    col_32 REAL,
    col_33 TEXT,
    col_34 INTEGER,
    col_35 REAL,
    col_36 TEXT,
    col_37 INTEGER,
    col_38 REAL,
    col_39 TEXT,
    col_40 INTEGER,
    col_41 REAL,
    col_42 TEXT,
    col_43 INTEGER,
    col_44 REAL,
    col_45 TEXT,
    col_46 INTEGER,
    col_47 REAL,
    col_48 TEXT,
    col_49 INTEGER,
    col_50 REAL,
    col_51 TEXT,
    col_52 INTEGER,
    col_53 REAL,
    col_54 TEXT
);

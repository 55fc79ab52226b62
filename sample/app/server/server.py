"""The dashboard's API: python3 server.py [PORT]."""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Dict
from urllib.parse import parse_qs, urlsplit

from core import insights
from core.pattern_persistence import ensure_pattern_tables
from core.workflow_history_utils.database import queries
from core.workflow_history_utils.database.schema import ensure_history_tables
from repositories.cost_savings_repository import ensure_cost_savings_table
from repositories.hook_event_repository import ensure_hook_events_table
from repositories.phase_queue_repository import PhaseQueueRepository, ensure_phase_queue_table
from repositories.tool_call_repository import ToolCallRepository, ensure_tool_calls_table
from routes import data_routes, system_routes
from services.directory_service import ensure_users_table

Query = Dict[str, str]


def workflows(query: Query) -> Any:
    page, total = queries.list_workflows(
        status=query.get("status"),
        search=query.get("q"),
        limit=int(query.get("limit", "20")),
        offset=int(query.get("offset", "0")),
    )
    return {"workflows": page, "total": total}


ROUTES: Dict[str, Callable[[Query], Any]] = {
    "/health": lambda query: system_routes.get_status(),
    "/api/v1/workflows": workflows,
    "/api/v1/insights": lambda query: insights.totals(),
    "/api/v1/insights/daily": lambda query: insights.per_day(int(query.get("days", "30"))),
    "/api/v1/tools/summary": lambda query: ToolCallRepository().summary_by_tool(),
    "/api/v1/queue": lambda query: PhaseQueueRepository().search(status=query.get("status")),
    "/api/v1/products": lambda query: data_routes.get_products(query.get("q", ""), query.get("order", "name")),
    "/api/v1/data/tables": lambda query: data_routes.get_tables(),
}


def ensure_tables() -> None:
    """Create what an older database lacks; history first, the others refer to it."""
    ensure_history_tables()
    ensure_tool_calls_table()
    ensure_phase_queue_table()
    ensure_hook_events_table()
    ensure_pattern_tables()
    ensure_cost_savings_table()
    ensure_users_table()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlsplit(self.path)
        route = ROUTES.get(url.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        status, body = (200, route(query)) if route else (404, {"error": "not found"})
        content = json.dumps(body).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    ensure_tables()
    system_routes.prepare_database()
    print(f"http://127.0.0.1:{port}/health")
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()

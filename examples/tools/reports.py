"""A small server of the Model Context Protocol over stdio: reads and writes reports in one folder.

Usage: python3 reports.py FOLDER
"""
import json
import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1]).resolve()

TOOLS = [
    {
        "name": "list",
        "description": "Lists the reports.",
        "inputSchema": {"type": "object", "properties": {}, "additionalProperties": False},
        "annotations": {"readOnlyHint": True},
    },
    {
        "name": "read",
        "description": "Reads a report.",
        "inputSchema": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"], "additionalProperties": False},
        "annotations": {"readOnlyHint": True},
    },
    {
        "name": "write",
        "description": "Writes a report.",
        "inputSchema": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "text": {"type": "string"}},
            "required": ["name", "text"],
            "additionalProperties": False,
        },
        "annotations": {"readOnlyHint": False},
    },
]


def path_of(name):
    path = (FOLDER / name).resolve()
    if path.parent != FOLDER:
        raise ValueError("A report is a file of the folder, without a path.")
    return path


def call(name, arguments):
    if name == "list":
        return "\n".join(sorted(p.name for p in FOLDER.iterdir() if p.is_file()))
    if name == "read":
        return path_of(arguments["name"]).read_text(encoding="utf-8")
    if name == "write":
        path_of(arguments["name"]).write_text(arguments["text"], encoding="utf-8")
        return f"Wrote {arguments['name']}."
    raise ValueError(f"There is no tool '{name}'.")


def answer(message):
    method, params = message.get("method"), message.get("params") or {}
    if method == "initialize":
        return {
            "protocolVersion": params.get("protocolVersion", "2025-06-18"),
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "reports", "version": "1.0.0"},
        }
    if method == "tools/list":
        return {"tools": TOOLS}
    if method == "tools/call":
        try:
            return {"content": [{"type": "text", "text": call(params["name"], params.get("arguments") or {})}]}
        except (OSError, ValueError, KeyError) as error:
            return {"content": [{"type": "text", "text": str(error)}], "isError": True}
    if method == "ping":
        return {}
    return None


for line in sys.stdin:
    if not line.strip():
        continue
    message = json.loads(line)
    if "id" not in message:
        continue
    result = answer(message)
    reply = {"jsonrpc": "2.0", "id": message["id"]}
    if result is None:
        reply["error"] = {"code": -32601, "message": f"There is no method {message.get('method')}."}
    else:
        reply["result"] = result
    print(json.dumps(reply), flush=True)

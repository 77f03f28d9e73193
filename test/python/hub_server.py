"""A local server that speaks the Hugging Face hub's protocol for models, as far as its own client asks."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_planted-TOKEN-that-must-not-leak"


@dataclass
class Hub:
    """What the server holds, and what it was asked for.

    Attributes
    ----------
    models
        Model id → folder with its files.
    gated
        Ids that only `TOKEN` may read.
    endpoint
        The server's address.
    asked
        Method and path of every request so far.
    """

    models: dict[str, Path] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    endpoint: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def serve_hub() -> Iterator[Hub]:
    """Serve an empty hub until the block ends."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, hub)

        def do_HEAD(self) -> None:
            answer(self, hub)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.endpoint = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


def answer(request: BaseHTTPRequestHandler, hub: Hub) -> None:
    """Answer one request, as the hub would."""
    path = unquote(urlsplit(request.path).path)
    hub.asked.append(f"{request.command} {path}")
    parts = path.removeprefix("/api/models").strip("/").split("/")
    name, what, revision, file = "/".join(parts[:2]), *[*parts, "", ""][2:4], "/".join(parts[4:])
    folder = hub.models.get(name)
    if folder is None:
        return refuse(request, 401, "RepoNotFound", "Repository not found")
    if name in hub.gated and request.headers.get("authorization") != f"Bearer {TOKEN}":
        return refuse(request, 401, "GatedRepo", f"Access to {name} is restricted.")
    if revision != REVISION:
        return refuse(request, 404, "RevisionNotFound", f"Invalid rev id: {revision}")
    if what == "resolve":
        return send_file(request, folder / file)
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    entries = [
        {
            "type": "file",
            "path": each.relative_to(folder).as_posix(),
            "size": each.stat().st_size,
            "oid": digest(each),
        }
        for each in files
    ]
    info = {"id": name, "sha": REVISION, "siblings": [{"rfilename": entry["path"]} for entry in entries]}
    return send(request, json.dumps(entries if what == "tree" else info).encode(), "application/json")


def send_file(request: BaseHTTPRequestHandler, path: Path) -> None:
    """Send a file's bytes with the headers by which the client knows its version."""
    if not path.is_file():
        return refuse(request, 404, "EntryNotFound", "Entry not found")
    return send(request, path.read_bytes(), "application/octet-stream", etag=digest(path))


def send(request: BaseHTTPRequestHandler, body: bytes, kind: str, etag: str = "") -> None:
    """Send a body, or its headers alone where only those are asked for."""
    request.send_response(200)
    request.send_header("content-type", kind)
    request.send_header("content-length", str(len(body)))
    request.send_header("x-repo-commit", REVISION)
    if etag:
        request.send_header("etag", f'"{etag}"')
    request.end_headers()
    if request.command == "GET":
        request.wfile.write(body)


def refuse(request: BaseHTTPRequestHandler, status: int, code: str, words: str) -> None:
    """Refuse a request in the hub's words."""
    request.send_response(status)
    request.send_header("x-error-code", code)
    request.send_header("x-error-message", words)
    request.send_header("content-length", "0")
    request.end_headers()


def digest(path: Path) -> str:
    """Hash of a file's content, as git counts it."""
    content = path.read_bytes()
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()

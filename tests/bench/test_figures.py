"""Arithmetic of the measures; no time is asserted."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.catalogue import ROWS, chosen
from bench.client import expect, get, once, post, run
from bench.databases import scratch_database
from bench.figures import BrokenPromise, Figure, Pairs, rounded, table, take_turns
from bench.servers import complaints

ROOT = Path(__file__).parents[2]


def test_the_ratio_is_ours_over_the_floor():
    assert Figure("page", 50.0, "pages/s", 1000.0).ratio == pytest.approx(0.05)


def test_a_floor_that_did_nothing_gives_no_ratio():
    assert Figure("page", 50.0, "pages/s", 0.0).ratio == 0.0


def test_the_middle_round_counts_and_not_the_lucky_one():
    pairs = Pairs([10.0, 90.0, 12.0], [100.0, 100.0, 400.0])
    assert (pairs.value, pairs.floor_value) == (12.0, 100.0)


def test_the_spread_is_that_of_neighbours():
    assert Pairs([10.0, 90.0, 12.0], [100.0, 100.0, 400.0]).spread() == {
        "rounds": 3,
        "ratio_lowest": 0.03,
        "ratio_highest": 0.9,
    }


def test_ours_and_the_floor_take_turns_and_neither_is_always_first():
    order = []

    def measured(name, rate):
        def measure():
            order.append(name)
            return rate

        return measure

    pairs = take_turns(measured("ours", 1.0), measured("floor", 2.0), 3)
    assert order == ["ours", "floor", "floor", "ours", "ours", "floor"]
    assert (pairs.ours, pairs.floor) == ([1.0] * 3, [2.0] * 3)


def test_a_slow_machine_gets_fewer_rounds_but_one():
    pairs = take_turns(lambda: 1.0, lambda: 2.0, rounds=9, seconds=-1)
    assert (pairs.ours, pairs.floor) == ([1.0], [2.0])


def test_a_figure_is_one_line_of_json_with_the_names_that_were_promised():
    line = Figure("drain", 46.84, "mails/s", 182.3, None, {"lieu": "école"}).as_json()
    assert "\n" not in line
    assert json.loads(line) == {
        "row": "drain",
        "value": 46.8,
        "unit": "mails/s",
        "floor": 182.0,
        "ratio": 0.257,
        "details": {"bar": None, "lieu": "école"},
    }


@pytest.mark.parametrize(("value", "is_below"), [(4.9, True), (5.0, False), (9.0, False)])
def test_the_table_says_which_figure_is_below_its_bar(value, is_below):
    figure = Figure("page", value, "pages/s", 100.0, 0.05)
    assert figure.is_below_bar is is_below
    assert ("BELOW" in table([figure])) is is_below


def test_numbers_keep_three_digits():
    assert [rounded(x) for x in (0.0136789, 989.7, 12345.0)] == [0.0137, 990.0, 12300.0]


def test_every_row_is_documented_and_every_documented_row_exists():
    page = (ROOT / "docs" / "performance.md").read_text()
    documented = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert documented == set(ROWS)


def test_without_a_name_every_row_is_measured():
    assert list(chosen([])) == list(ROWS)
    assert list(chosen(["race"])) == ["race"]


def test_an_unknown_row_is_named():
    with pytest.raises(KeyError, match="pages"):
        chosen(["pages"])


def test_complaints_leave_out_ordinary_requests():
    log = '{"event": "request", "status": 200}\n{"event": "exception", "error": "locked"}\n'
    assert complaints(log) == '{"event": "exception", "error": "locked"}'


# -- the client --------------------------------------------------------------------------------


class Echo(BaseHTTPRequestHandler):
    """Answers with what was sent; every third answer closes the connection."""

    protocol_version = "HTTP/1.1"
    served = 0

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body):
        Echo.served += 1
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Set-Cookie", "visit=1; Path=/")
        self.send_header("Content-Length", str(len(body)))
        if Echo.served % 3 == 0:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


@pytest.fixture
def echo():
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_each_visit_is_done_once_over_connections_that_close_now_and_then(echo):
    tally = run(echo, (once(get("/")) for _ in range(20)), connections=4)
    assert (tally.done, tally.statuses) == (20, {200: 20})


def test_a_visit_goes_from_page_to_page_with_its_cookies(echo):
    seen = []

    def visit():
        page = expect((yield get("/")), 200)
        answer = yield post("/", {"nom": "é"}, page.cookies)
        seen.append((page.cookies, answer.body))

    run(echo, iter([visit()]), connections=1)
    assert seen == [(b"visit=1", b"nom=%C3%A9")]


def test_an_unexpected_answer_stops_the_measure(echo):
    with pytest.raises(BrokenPromise, match="expected 200, got 404"):
        run(echo, iter([once(get("/missing"))]), connections=1)


def test_no_visit_starts_after_the_time_given(echo):
    def endless():
        while True:
            yield once(get("/"))

    tally = run(echo, endless(), connections=2, seconds=0.2)
    assert tally.done == sum(tally.statuses.values()) > 0


# -- scratch databases ---------------------------------------------------------------------------


def test_a_scratch_database_is_beside_the_one_named_and_goes_afterwards(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/real.sqlite3")
    with scratch_database("site") as url:
        path = Path(url.removeprefix("sqlite:///"))
        assert path.parent.parent == tmp_path
        assert path.parent.is_dir()
    assert list(tmp_path.iterdir()) == []

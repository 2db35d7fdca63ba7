"""A room that may talk to itself over TCP: to itself alone."""

import socket
from contextlib import closing

import pytest

from autograder.core.errors import SandboxError
from autograder.sandbox.examination.examine import Examiner
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Cell, Limits
from conftest import SETS, walls_or_skip

pytestmark = pytest.mark.long

LIMITS = Limits(cell_seconds=10.0, submission_seconds=60.0)
SERVE = """
import http.server, threading, urllib.request
class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Hello)
threading.Thread(target=server.serve_forever, daemon=True).start()
for name in ("127.0.0.1", "localhost"):
    print(urllib.request.urlopen(f"http://{name}:{server.server_port}").read().decode())
"""
REACH = """
import socket
for address in %r:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    try:
        socket.create_connection(address, 1).close()
        print("reached", address)
    except OSError as error:
        print(type(error).__name__)
"""
OTHERS = """
import socket
for family in range(46):
    for kind in range(1, 11):
        for protocol in (0, 1, 6, 17, 132, 262):
            try:
                made = socket.socket(family, kind, protocol)
            except OSError:
                continue
            made.close()
            print(family, kind, protocol)
"""


def own_address():
    """One of this machine that is not its loopback, or that."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


def shown(zygote, source):
    (result,) = zygote.run([Cell("a", source)], LIMITS).results
    return "".join(output.get("text", output.get("evalue", "")) for output in result.outputs)


@pytest.fixture(scope="module", params=[name for name in SETS if "landlock" not in name])
def zygote(request):
    walls, launcher = walls_or_skip(request.param)
    with Zygote(walls, launcher=launcher, loopback=True) as zygote:
        yield zygote


@pytest.mark.slow
def test_a_server_in_the_notebook_is_reached(zygote):
    assert shown(zygote, SERVE) == "hello\nhello\n"
    assert zygote.guarantees["network"].endswith("but for TCP to itself")


@pytest.mark.slow
def test_what_listens_on_this_machine_is_not_reached(zygote):
    with closing(socket.create_server(("", 0))) as listener:
        port = listener.getsockname()[1]
        addresses = [(host, port) for host in ("127.0.0.1", "::ffff:127.0.0.1", own_address())]
        listener.settimeout(0.2)
        with socket.create_connection(("127.0.0.1", port)):
            listener.accept()[0].close()
        assert "reached" not in shown(zygote, REACH % addresses)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.slow
def test_no_socket_is_made_but_for_tcp(zygote):
    made = {tuple(map(int, line.split())) for line in shown(zygote, OTHERS).splitlines()}
    assert made == {(family, 1, protocol) for family in (2, 10) for protocol in (0, 6)}


@pytest.mark.slow
def test_attacks_on_the_network_are_in_vain(zygote, tmp_path):
    assert Examiner(zygote, str(tmp_path)).attack("network") == []


def test_without_the_setting_a_room_has_no_socket(strong):
    assert shown(strong, OTHERS) == ""
    assert "but for" not in strong.guarantees["network"]


def test_where_a_room_has_no_network_of_its_own_the_setting_is_refused():
    walls, launcher = walls_or_skip(next(name for name in SETS if "landlock" in name))
    with (
        pytest.raises(SandboxError, match=r"c\.LockedRoom\.loopback is set, .* switched off"),
        Zygote(walls, launcher=launcher, loopback=True),
    ):
        pass

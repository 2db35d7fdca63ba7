"""Messages between processes: framing, caps, deadlines, garbage."""

import os
import socket
import struct
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.protocol.wire import (
    Channel,
    WireClosed,
    WireError,
    WireTimeout,
    pack,
    pair,
    parse,
)


@pytest.fixture
def ends():
    channel, other = pair()
    with channel, other:
        yield channel, other


def test_messages_arrive_whole_and_in_order(ends):
    channel, other = ends
    messages = [{"op": "a", "text": "é\ud800\n"}, {"op": "b", "data": "x" * 300_000}, {}]
    sender = threading.Thread(target=lambda: [Channel(other).send(m) for m in messages])
    sender.start()
    received = [channel.receive(limit=1 << 20, seconds=5) for _ in messages]
    sender.join()
    assert received == messages


def test_descriptors_travel_with_a_message(ends):
    channel, other = ends
    reader, writer = os.pipe()
    Channel(other).send({"op": "take"}, descriptors=[writer])
    os.close(writer)
    message, (received,) = channel.receive_with_descriptors(limit=100, seconds=5)
    os.write(received, b"through")
    os.close(received)
    assert (message, os.read(reader, 100)) == ({"op": "take"}, b"through")
    os.close(reader)


def test_a_late_message_is_kept_for_the_next_attempt(ends):
    channel, other = ends
    frame = pack({"op": "slow", "n": 1})
    other.sendall(frame[:7])
    with pytest.raises(WireTimeout):
        channel.receive(limit=100, seconds=0.01)
    other.sendall(frame[7:])
    assert channel.receive(limit=100, seconds=5) == {"op": "slow", "n": 1}


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack("!I", 101) + b"{}",
        struct.pack("!I", 0xFFFFFFFF),
        struct.pack("!I", 2) + b"[]",
        struct.pack("!I", 3) + b"{} ".replace(b" ", b"x"),
        struct.pack("!I", 8) + b'{"a":NaN',
        struct.pack("!I", 9) + b'{"a":NaN}',
        struct.pack("!I", 5) + b"\xff\xfe{\x00}",
        struct.pack("!I", 0),
        struct.pack("!I", 90) + b"[" * 90,
    ],
    ids=repr,
)
def test_what_is_no_message_is_refused(ends, sent):
    channel, other = ends
    other.sendall(sent)
    with pytest.raises(WireError) as caught:
        channel.receive(limit=100, seconds=5)
    assert not isinstance(caught.value, WireTimeout | WireClosed)


@pytest.mark.parametrize("sent", [b"", b"\x00", struct.pack("!I", 10) + b"{"], ids=repr)
def test_an_end_in_the_middle_is_noticed(ends, sent):
    channel, other = ends
    other.sendall(sent)
    other.close()
    with pytest.raises(WireClosed):
        channel.receive(limit=100, seconds=5)


def test_a_reader_that_does_not_read_does_not_hold_us_up(ends):
    channel, _ = ends
    with pytest.raises(WireTimeout):
        channel.send({"data": "x" * 10_000_000}, seconds=0.05)


def test_deep_nesting_and_many_parts_are_refused():
    with pytest.raises(WireError):
        parse(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    body = b'{"a":[' + b"[]," * 1000 + b"[]]}"
    assert len(parse(body)["a"]) == 1001
    with pytest.raises(WireError):
        parse(body, most_parts=1000)


@given(st.binary(max_size=300))
def test_garbage_gives_an_error_of_ours(data):
    mine, other = socket.socketpair()
    with Channel(mine) as channel, other:
        other.sendall(data)
        other.close()
        messages = iter(lambda: channel.receive(limit=1000, seconds=5), None)
        with pytest.raises(WireError):
            list(messages)

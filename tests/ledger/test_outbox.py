"""The outbox: nothing lost, nothing taken twice, nothing personal left behind."""

import multiprocessing
import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from fairnotice.ledger import outbox
from fairnotice.ledger.models import ERROR_CODES, OutboxRow
from fairnotice.vault import keys
from fairnotice.vault.errors import Erased, SealBroken

PAYLOAD = {"to": "SENTINEL@example.org", "text": "Grüße"}


@pytest.fixture
def enqueue(data):
    def put(**more):
        with transaction.atomic():
            values = {
                "kind": "mail",
                "ref": "N-1",
                "payload": PAYLOAD,
                "key_id": keys.new_key("subject"),
                **more,
            }
            return outbox.enqueue(**values)

    return put


def pass_time(row, **delta):
    """As if the lease and the wait had begun that much earlier."""
    back = timedelta(**delta)
    fresh = OutboxRow.objects.get(pk=row.pk)
    until = fresh.leased_until - back if fresh.leased_until else None
    OutboxRow.objects.filter(pk=row.pk).update(due_at=fresh.due_at - back, leased_until=until)


def test_the_way_of_a_letter(enqueue):
    row = enqueue()
    (leased,) = outbox.lease(10, 60)
    assert (leased.pk, leased.attempts) == (row.pk, 1)
    assert outbox.payload(leased) == PAYLOAD
    assert outbox.lease(10, 60) == []
    outbox.finish(leased)
    done = OutboxRow.objects.get(pk=row.pk)
    assert done.sealed is None
    assert done.done_at is not None
    assert outbox.lease(10, 60) == []
    with pytest.raises(outbox.LeaseLost):
        outbox.payload(done)


def test_a_row_that_is_not_due_waits(enqueue):
    row = enqueue(due_at=timezone.now() + timedelta(hours=1))
    assert outbox.lease(10, 60) == []
    pass_time(row, hours=2)
    assert [leased.pk for leased in outbox.lease(10, 60)] == [row.pk]


def test_the_payload_is_sealed_in_its_row(enqueue, data):
    first, second = enqueue(), enqueue()
    connections["default"].close()
    assert [p for p in data.rglob("*") if p.is_file() and b"SENTINEL" in p.read_bytes()] == []
    second.key_id, second.sealed = first.key_id, first.sealed
    with pytest.raises(SealBroken):
        outbox.payload(second)
    keys.destroy(first.key_id)
    with pytest.raises(Erased):
        outbox.payload(first)


def test_an_expired_lease_is_taken_again_and_its_first_holder_is_told(enqueue):
    enqueue()
    (first,) = outbox.lease(1, 60)
    pass_time(first, minutes=2)
    (second,) = outbox.lease(1, 60)
    assert second.message_id == first.message_id
    assert second.attempts == 2
    with pytest.raises(outbox.LeaseLost):
        outbox.finish(first)
    with pytest.raises(outbox.LeaseLost):
        outbox.fail(first, "timeout")
    outbox.finish(second)


def test_failures_wait_longer_and_longer_and_end_dead(enqueue):
    row = enqueue()
    for attempt in range(1, outbox.MAX_ATTEMPTS + 1):
        (leased,) = outbox.lease(1, 60)
        outbox.fail(leased, "deferred")
        wait = leased.due_at - timezone.now()
        longest = min(60 * 2 ** (attempt - 1), outbox.LONGEST_DELAY)
        assert timedelta(seconds=longest / 2 - 5) <= wait <= timedelta(seconds=longest)
        assert outbox.lease(1, 60) == []
        pass_time(row, hours=7)
    dead = OutboxRow.objects.get(pk=row.pk)
    assert (dead.dead, dead.error_code) == (True, "deferred")
    assert outbox.lease(1, 60) == []
    outbox.retry(dead)
    (again,) = outbox.lease(1, 60)
    assert (again.message_id, outbox.payload(again)) == (row.message_id, PAYLOAD)
    with pytest.raises(outbox.LeaseLost):
        outbox.retry(again)


def test_a_payload_that_kills_its_runner_ends_dead(enqueue):
    row = enqueue()
    for _ in range(outbox.MAX_ATTEMPTS):
        assert len(outbox.lease(1, 60)) == 1
        pass_time(row, minutes=2)
    assert outbox.lease(1, 60) == []
    dead = OutboxRow.objects.get(pk=row.pk)
    assert (dead.dead, dead.error_code) == (True, "lease-expired")


def test_a_final_failure_is_dead_at_once(enqueue):
    row = enqueue()
    (leased,) = outbox.lease(1, 60)
    outbox.fail(leased, "refused", final=True)
    assert OutboxRow.objects.get(pk=row.pk).dead


def test_what_is_taken_back_is_wiped_and_never_finished(enqueue):
    kept = enqueue(ref="N-2")
    row = enqueue()
    leased = next(item for item in outbox.lease(5, 60) if item.pk == row.pk)
    assert outbox.cancel(kind="mail", ref="N-1") == 1
    cancelled = OutboxRow.objects.get(pk=row.pk)
    assert (cancelled.sealed, cancelled.error_code) == (None, "cancelled")
    with pytest.raises(outbox.LeaseLost):
        outbox.finish(leased)
    assert OutboxRow.objects.get(pk=kept.pk).sealed is not None
    assert outbox.cancel(kind="mail", ref="N-1") == 0


def test_only_known_error_codes(enqueue):
    enqueue()
    (leased,) = outbox.lease(1, 60)
    with pytest.raises(ValueError, match="not an error code"):
        outbox.fail(leased, "550 no such user SENTINEL@example.org")
    with pytest.raises(IntegrityError):
        OutboxRow.objects.update(error_code="something else")
    assert all(code.replace("-", "").isalpha() for code in ERROR_CODES)


def test_what_is_done_cannot_keep_its_payload(enqueue):
    enqueue()
    with pytest.raises(IntegrityError):
        OutboxRow.objects.update(done_at=timezone.now())


def test_message_ids_are_ours_and_random(enqueue):
    ids = {enqueue().message_id for _ in range(3)}
    assert len(ids) == 3
    assert {name.split("@")[1] for name in ids} == {"notices.example.org"}


def test_threads_get_disjoint_rows(enqueue):
    wanted = {enqueue().pk for _ in range(40)}
    barrier = threading.Barrier(4)
    taken: list[int] = []

    def run():
        try:
            barrier.wait()
            for _ in range(10):
                taken.extend(row.pk for row in outbox.lease(5, 60))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(wanted)


def _lease_all(barrier, answers):
    connections.close_all()
    barrier.wait()
    answers.put([row.pk for _ in range(10) for row in outbox.lease(5, 60)])
    connections.close_all()


def test_processes_get_disjoint_rows(enqueue):
    wanted = {enqueue().pk for _ in range(20)}
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(2), context.Queue()
    runners = [context.Process(target=_lease_all, args=(barrier, answers)) for _ in range(2)]
    for runner in runners:
        runner.start()
    taken = [pk for _ in runners for pk in answers.get(timeout=60)]
    for runner in runners:
        runner.join()
    assert sorted(taken) == sorted(wanted)

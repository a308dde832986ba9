"""Reminder rules, and the reminders they make when their instant comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from eventsapp.core.db import db, insert_new
from eventsapp.core.i18n import _, speaking
from eventsapp.mail.outbox import cancel_mail, queue_mails
from eventsapp.meetings.models import Meeting
from eventsapp.registrations.models import Registration
from eventsapp.reminders import queries, rules
from eventsapp.reminders.errors import MomentIsTaken, ReminderIsTooLate
from eventsapp.reminders.mails import PURPOSE, about_of, occasion_of, reminder_draft
from eventsapp.reminders.models import Reminder, ReminderRule

BATCH = 500  # so that a registration that arrives meanwhile waits a second, not a minute
USUAL_MOMENTS = (rules.At(days_before=7, hour=9), rules.At(days_before=1, hour=9))


@dataclass(frozen=True)
class RulePlan:
    """What an organiser decides of a reminder."""

    days_before: int
    hour: int
    subject: str
    message: str = ""


def add_rule(meeting: Meeting, plan: RulePlan, *, at: datetime) -> ReminderRule:
    """Store a rule; refused when another has that moment, or when it would leave after the beginning."""
    _check(meeting, plan, None)
    rule = ReminderRule(
        meeting_id=meeting.id,
        days_before=plan.days_before,
        hour=plan.hour,
        subject=plan.subject,
        message=plan.message,
        created_at=at,
    )
    db.session.add(rule)
    db.session.flush()
    return rule


def change_rule(rule: ReminderRule, meeting: Meeting, plan: RulePlan, *, at: datetime) -> None:
    """Change the reminders still to leave. A moment moved counts as a new wish, made now."""
    _check(meeting, plan, rule.id)
    if (rule.days_before, rule.hour) != (plan.days_before, plan.hour):
        rule.days_before, rule.hour, rule.created_at = plan.days_before, plan.hour, at
    rule.subject, rule.message = plan.subject, plan.message
    db.session.flush()


def _check(meeting: Meeting, plan: RulePlan, rule_id: int | None) -> None:
    if not rules.is_before_start(meeting, plan):
        raise ReminderIsTooLate
    if queries.is_moment_taken(meeting, plan.days_before, plan.hour, but=rule_id):
        raise MomentIsTaken


def remove_rule(rule: ReminderRule) -> None:
    """Send no more of these reminders; the list of those sent goes with the rule, the messages stay."""
    db.session.delete(rule)
    db.session.flush()


def missing_usual_moments(meeting: Meeting, *, at: datetime) -> list[rules.At]:
    """Return the usual moments (a week before and the day before, at 9) that are to come and not taken."""
    taken = {(rule.days_before, rule.hour) for rule in queries.list_rules(meeting)}
    return [
        moment
        for moment in USUAL_MOMENTS
        if at < rules.due_instant(meeting, moment) < meeting.starts_at
        and (moment.days_before, moment.hour) not in taken
    ]


def add_usual_rules(meeting: Meeting, *, at: datetime) -> int:
    """Add a rule at each of the usual moments that are missing; return how many."""
    missing = missing_usual_moments(meeting, at=at)
    for moment in missing:
        plan = RulePlan(moment.days_before, moment.hour, usual_subject(meeting))
        add_rule(meeting, plan, at=at)
    return len(missing)


def usual_subject(meeting: Meeting) -> str:
    """Return the subject proposed for a reminder, in French: organisers may change it."""
    with speaking("fr"):
        return _("Rappel : %(title)s", title=meeting.title)[:200]


def plan_due_reminders(*, at: datetime) -> int:
    """Queue the reminders whose instant has come, at most ``BATCH``; return how many are new.

    Called each minute, and again while it returns something. Each person gets each reminder once,
    whatever the number of workers: a reminder and its message are written together, and both are unique.
    """
    due = _due_rules(at)
    if not due:
        return 0
    queries.hold_meetings({rule.meeting_id for rule in due})
    due = [rule for rule in due if rules.is_due(rule.meeting, rule, at)]
    instants = {rule.id: rules.due_instant(rule.meeting, rule) for rule in due}
    places = {rule.id: rule.meeting_id for rule in due}
    people = queries.people_to_remind(instants, places, limit=BATCH) if due else []
    rows = [{"rule_id": rule_id, "registration_id": one.id, "planned_at": at} for rule_id, one in people]
    new = insert_new(
        Reminder, rows, unique=["rule_id", "registration_id"], returning=["rule_id", "registration_id"]
    )
    return _queue({rule.id: rule for rule in due}, people, {(rule, one) for rule, one in new}, instants, at)


def _due_rules(at: datetime) -> list[ReminderRule]:
    coming = queries.rules_of_coming_meetings(at=at)
    return [rule for rule in coming if rules.is_due(rule.meeting, rule, at)]


def _queue(
    by_id: dict[int, ReminderRule],
    people: Sequence[tuple[int, Registration]],
    new: set[tuple[int, int]],
    instants: dict[int, datetime],
    at: datetime,
) -> int:
    drafts = [
        reminder_draft(by_id[rule_id], one, by_id[rule_id].meeting, due=instants[rule_id])
        for rule_id, one in people
        if (rule_id, one.id) in new
    ]
    return queue_mails(drafts, at=at)


def hold_back_reminders_of(registration: Registration) -> int:
    """Withdraw the reminders of that registration that have not left; return how many."""
    return cancel_mail(purpose=PURPOSE, recipient=registration.email, occasion=occasion_of(registration.id))


def hold_back_reminders_about(meeting: Meeting) -> int:
    """Withdraw the reminders about the meeting that have not left; return how many."""
    return cancel_mail(purpose=PURPOSE, about=about_of(meeting.id))


def follow_new_date(meeting: Meeting, *, at: datetime) -> None:
    """Withdraw what says the former date. Reminders whose new instant is to come leave again then."""
    hold_back_reminders_about(meeting)
    to_come = [x.id for x in queries.list_rules(meeting) if rules.due_instant(meeting, x) > at]
    db.session.execute(delete(Reminder).where(Reminder.rule_id.in_(to_come)))

"""Tables of registrations: places, the rules of each meeting, questions, and what the office keeps."""

from eventsapp.registrations.models.batch import BATCH_KINDS as BATCH_KINDS
from eventsapp.registrations.models.batch import BATCH_STATES as BATCH_STATES
from eventsapp.registrations.models.batch import Batch as Batch
from eventsapp.registrations.models.batch import BatchItem as BatchItem
from eventsapp.registrations.models.form import QUESTION_KINDS as QUESTION_KINDS
from eventsapp.registrations.models.form import Answer as Answer
from eventsapp.registrations.models.form import AnswerFile as AnswerFile
from eventsapp.registrations.models.form import FormTemplate as FormTemplate
from eventsapp.registrations.models.form import Question as Question
from eventsapp.registrations.models.office import REQUEST_KINDS as REQUEST_KINDS
from eventsapp.registrations.models.office import Allocation as Allocation
from eventsapp.registrations.models.office import ChangeRequest as ChangeRequest
from eventsapp.registrations.models.office import DistinctPair as DistinctPair
from eventsapp.registrations.models.office import RegistrationEvent as RegistrationEvent
from eventsapp.registrations.models.office import SavedView as SavedView
from eventsapp.registrations.models.registration import ATTENDANCE_MODES as ATTENDANCE_MODES
from eventsapp.registrations.models.registration import ENDED_STATES as ENDED_STATES
from eventsapp.registrations.models.registration import PARTICIPANT_KINDS as PARTICIPANT_KINDS
from eventsapp.registrations.models.registration import REGISTRATION_STATES as REGISTRATION_STATES
from eventsapp.registrations.models.registration import TOLD_STATES as TOLD_STATES
from eventsapp.registrations.models.registration import Registration as Registration
from eventsapp.registrations.models.registration import SessionPlace as SessionPlace
from eventsapp.registrations.models.setup import RegistrationSetup as RegistrationSetup
from eventsapp.registrations.models.setup import default_setup as default_setup

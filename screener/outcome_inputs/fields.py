"""The columns of the tables: their names, and the names that exports give them."""

from __future__ import annotations

from screener.sources.fields import ALIASES, FALLBACKS
from screener.sources.records import RecordField


def _field(name: str, aliases: str = "", *, is_needed: bool = False) -> RecordField:
    return RecordField(name, tuple(aliases.split()), is_needed)


PATIENT = RecordField("patient_id", (*ALIASES["patient_id"], *FALLBACKS["patient_id"]), True)
_SITE = RecordField("site", ALIASES["site"])
_SEX = _field("sex", "gender")
_UNIT = "units result_unit unit_of_measure uom value_unit value_units result_units lborresu"
_ULN = (
    "upper_limit_of_normal upper_limit upper_normal upper_reference_limit ref_high reference_high "
    "range_high normal_high ref_range_high reference_range_high limit_high lbornrhi anrhi"
)
_LLN = (
    "lower_limit_of_normal lower_limit lower_normal lower_reference_limit ref_low reference_low "
    "range_low normal_low ref_range_low reference_range_low limit_low lbornrlo anrlo"
)

LABS = (
    PATIENT,
    _field(
        "analyte",
        "analyte_name test test_name lab lab_name lab_test component component_name parameter "
        "parameter_name observation observation_name measurement_name lbtest lbtestcd param "
        "paramcd",
    ),
    _field("loinc", "loinc_code loinc_num test_loinc component_loinc lbloinc"),
    _field(
        "value",
        "result result_value value_num numeric_value result_numeric test_value lab_value "
        "measurement lborres aval value_as_number",
        is_needed=True,
    ),
    _field("unit", _UNIT),
    _field(
        "drawn_on",
        "drawn_at draw_date draw_datetime drawn collected_on collected_at collection_date "
        "collection_datetime sample_date sampled_on specimen_date specimen_datetime taken_on "
        "lab_date date datetime lbdtc adt measurement_date",
        is_needed=True,
    ),
    _field("uln", _ULN),
    _field("lln", _LLN),
    _SEX,
    _field("age", "age_years age_at_draw"),
    _SITE,
)
TREATMENTS = (
    PATIENT,
    _field("cycle", "cycle_number cycle_no cycle_num course_number treatment_number dose_number"),
    _field(
        "given_on",
        "given_at given administered_on administered_at administration_date treatment_date "
        "treated_on therapy_date infusion_date infused_on dose_date cycle_date date datetime",
        is_needed=True,
    ),
    _SEX,
    _field("born_on", "birth_date date_of_birth dob birthdate"),
    _SITE,
    _field("anticoagulated", "anticoagulation on_anticoagulation anticoagulant"),
)
LIMITS = (
    _field("analyte", "analyte_name test test_name lab component parameter loinc", is_needed=True),
    _field("uln", _ULN),
    _field("lln", _LLN),
    _field("unit", _UNIT),
    _SEX,
    _field("age_from", "age_min min_age from_age age_low"),
    _field("age_to", "age_max max_age to_age age_high"),
    _SITE,
    _field("valid_from", "from start start_date date_from from_date effective_from"),
    _field("valid_to", "to end end_date date_to to_date effective_to valid_until"),
)
EVENTS = (
    PATIENT,
    _field("term", "event adverse_event ae finding name", is_needed=True),
    _field("grade", "value present result ctcae_grade severity", is_needed=True),
    _field(
        "seen_on",
        "seen_at date datetime onset_on onset_date event_date exam_on exam_date observed_on "
        "start_date drawn_on",
        is_needed=True,
    ),
)
FOLLOW_UP = (
    PATIENT,
    _field(
        "last_seen_on",
        "last_seen last_follow_up last_followup last_follow_up_date last_contact last_contact_date "
        "last_visit last_visit_date last_alive_on last_known_alive censored_on follow_up_date",
    ),
    _field("died_on", "death_date date_of_death died death_on dod deceased_date deceased_on"),
    _field("status", "vital_status survival_status alive_or_dead"),
)
RESPONSES = (
    PATIENT,
    _field("response", "best_response overall_response assessment outcome", is_needed=True),
    _field("assessed_on", "assessment_date response_date exam_on exam_date date scan_date"),
)

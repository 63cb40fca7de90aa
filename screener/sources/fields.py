"""The names that exports give to the fields of a report: one table, in one place.

Names are compared by their key: case, white space and punctuation do not count, so ``Patient ID``,
``PATIENT-ID`` and ``patient_id`` are one name. No key belongs to two fields.
"""

from __future__ import annotations

import unicodedata
from types import MappingProxyType


def _names(written: str) -> tuple[str, ...]:
    return tuple(written.split())


ALIASES = MappingProxyType(
    {
        "report_id": _names(
            "report_number report_no report_num report_key report_identifier rpt_id rpt_no note_id "
            "note_number document_id doc_id document_number result_id dictation_id reportuid"
        ),
        "patient_id": _names(
            "patient pat_id patid pt_id ptid patient_number patient_no patient_num patient_key "
            "patient_identifier patient_mrn pat_mrn pat_mrn_id mrn mrn_id mrn_number "
            "medical_record_number medical_record_no medical_record person_id person person_key "
            "subject_id subject subject_number empi empi_id mpi enterprise_id enterprise_mrn "
            "hospital_number hospital_no nhs_number chi_number unit_number research_patient_id"
        ),
        "text": _names(
            "report_text report_txt narrative note_text report full_report full_text rpt_text "
            "result_text radiology_report report_body report_content report_narrative "
            "full_report_text document_text doc_text note_body free_text dictation_text "
            "radiology_text exam_text"
        ),
        "exam_on": _names(
            "exam_date exam_datetime exam_dt examination_date date_of_exam date_of_examination "
            "study_date study_datetime study_dt date_of_study note_date note_datetime performed_on "
            "performed_date performed_datetime performed_at procedure_date procedure_datetime "
            "scan_date scan_datetime scan_on imaging_date image_date service_date "
            "date_of_service dos acquisition_date begin_exam_dttm end_exam_dttm exam_performed_date"
        ),
        "modality": _names(
            "modality_code modality_type modality_name modalities mod imaging_modality "
            "image_modality exam_modality study_modality"
        ),
        "exam": _names(
            "exam_name exam_description exam_desc exam_type examination examination_description "
            "study_description study_desc study_name study_type procedure procedure_name "
            "procedure_description procedure_desc proc_name proc_desc order_name order_description "
            "note_title exam_title"
        ),
        "site": _names(
            "site_name facility facility_name hospital hospital_name institution institution_name "
            "center centre center_name centre_name campus"
        ),
        "status": _names(
            "report_status result_status note_status doc_status document_status exam_status "
            "completion_status final_status"
        ),
        "accession": _names(
            "accession_number accession_no accession_num accession_nbr accession_id acc acc_no "
            "acc_num acc_number acc_nbr filler_order_number"
        ),
    }
)
"""Names that mean the field."""

FALLBACKS = MappingProxyType(
    {
        "report_id": _names(
            "id uid order_id order_number order_no study_id study_uid study_instance_uid"
        ),
        "patient_id": ("pid",),
        "text": _names("body content note notes result document dictation transcription"),
        "exam_on": _names("date datetime timestamp report_date result_date charttime chartdate"),
        "modality": (),
        "exam": _names("description title study exam_code procedure_code"),
        "site": _names("site_id site_code location facility_id"),
        "status": (),
        "accession": (),
    }
)
"""Names that say less: taken only where the table has no other name of the field."""

PARTS = MappingProxyType(
    {
        "FINDINGS": _names("findings finding findings_text finding_text report_findings"),
        "IMPRESSION": _names(
            "impression impressions impression_text report_impression conclusion conclusions "
            "opinion"
        ),
        "ADDENDUM": _names("addendum addenda addendum_text report_addendum"),
    }
)
"""Parts of a report that some exports keep in columns of their own, in order of the text."""

UNSURE_WHOLE = frozenset({"narrative", "reportnarrative"})
"""Keys that are the whole report in some systems and all but the impression in others."""

NAMELESS = frozenset({"", "index", "level0", "rownumber", "rownum"})
"""Keys of columns that no field is ever guessed from; so is pandas' ``Unnamed: 0``."""

SIMILARITY = 0.87
"""How alike two keys must be (1 less the edits by the longer key's length; 1 is the same)."""

CLEARLY = 0.05
"""By how much the most similar name must beat the next one."""


def key_of(name: str) -> str:
    """Reduce a column's name to the letters and digits by which it is compared.

    Examples
    --------
    >>> key_of("Patient-ID "), key_of("patient_id")
    ('patientid', 'patientid')
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


def is_nameless(name: str) -> bool:
    """Whether a column has a name that says nothing, such as ``Unnamed: 0``."""
    key = key_of(name)
    return key in NAMELESS or (key.startswith("unnamed") and key[7:].isdigit())

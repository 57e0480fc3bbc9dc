"""Facts about patients, studies, series and equipment, generated from a seed.

For: the kinds of files of the collection.
Never: a patient, an institution or a device that exists.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from kinds.layout import Facts

SERIES_OF_A_STUDY = 3
STUDIES_OF_A_PATIENT = 2


@dataclass(frozen=True)
class Equipment:
    """A device; ``layouts`` are the layouts of its private elements."""

    modality: str
    manufacturer: str
    model: str
    software: str
    layouts: tuple[str, ...] = ()


CT = (
    Equipment("CT", "GE MEDICAL SYSTEMS", "LightSpeed VCT", "07MW18.4", ("ge_ct",)),
    Equipment("CT", "GE MEDICAL SYSTEMS", "Optima CT660", "gmp_vct.42", ("ge_ct",)),
    Equipment("CT", "SIEMENS", "SOMATOM Definition AS", "syngo CT 2012B", ("other_ct",)),
    Equipment("CT", "Philips", "iCT 256", "3.2.0", ("other_ct",)),
    Equipment("CT", "TOSHIBA", "Aquilion ONE", r"V4.86\R010", ("other_ct",)),
)
MR = (
    Equipment("MR", "GE MEDICAL SYSTEMS", "SIGNA HDxt", r"15\LX\MR Software release:15.0_M4_0910.a", ("ge_mr",)),
    Equipment("MR", "GE MEDICAL SYSTEMS", "DISCOVERY MR750", r"24\LX\MR Software release:DV24.0_R01", ("ge_mr",)),
    Equipment("MR", "Philips Medical Systems", "Achieva", r"3.2.1\3.2.1.0", ("philips_mr",)),
    Equipment("MR", "Philips Healthcare", "Ingenia", r"5.1.7\5.1.7.2", ("philips_mr",)),
    Equipment("MR", "SIEMENS", "Aera", "syngo MR E11", ("siemens_mr",)),
)
CSA = (
    Equipment("MR", "SIEMENS", "Avanto", "syngo MR B17", ("siemens_mr", "csa")),
    Equipment("MR", "SIEMENS", "TrioTim", "syngo MR B17", ("siemens_mr", "csa")),
)
PLANNING = (Equipment("RTSTRUCT", "Varian Medical Systems", "ARIA RadOnc", "15.6"),)
REPORTING = (Equipment("SR", "QIICR", "Reporting", "1.3"),)
ENHANCED = (Equipment("MR", "Philips Medical Systems", "Ingenia", "5.3.0"),)

_NAMES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Gölf", "Hôtel", "India", "Juliett", "Kilo", "Lima")


def make_uid(*parts: object) -> str:
    """Return a UID with the root 2.25, of varying length, derived from the parts (PS3.5 annex B.2)."""
    text = "/".join(map(str, parts))
    return "2.25." + str(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big"))


def time_text(seconds: float) -> str:
    """Return a time as a value of VR TM with microseconds."""
    whole = int(seconds)
    return f"{whole // 3600 % 24:02}{whole // 60 % 60:02}{whole % 60:02}.{int((seconds - whole) * 1e6):06}"


@dataclass(frozen=True)
class Series:
    """A series: its folder, its equipment, its random numbers, and the facts that all its instances share."""

    folder: str
    equipment: Equipment
    numbers: random.Random
    facts: Facts

    def instance_uid(self, number: int) -> str:
        """Return the SOP Instance UID of an instance."""
        return make_uid(self.facts["series_uid"], number)


def make_series(seed: int, kind: str, number: int, devices: tuple[Equipment, ...]) -> Series:
    """Return the series of a kind with this number. All series of a study are from one device."""
    study = number // SERIES_OF_A_STUDY
    patient = study // STUDIES_OF_A_PATIENT
    of_patient = random.Random(f"{seed}/{kind}/patient/{patient}")
    of_study = random.Random(f"{seed}/{kind}/study/{study}")
    of_series = random.Random(f"{seed}/{kind}/series/{number}")
    equipment = devices[study % len(devices)]
    year, month, day = of_study.randrange(2005, 2025), of_study.randrange(1, 13), of_study.randrange(1, 29)
    start = of_study.randrange(7 * 3600, 18 * 3600)
    birth = of_patient.randrange(1930, 2000)
    name = f"{of_patient.choice(_NAMES)}{patient}^{of_patient.choice(_NAMES)}^{of_patient.choice('ABCDE')}"
    station = f"{equipment.modality}{of_study.randrange(1, 9)}"
    facts: dict[str, str | bytes] = {
        "charset": "ISO_IR 192" if study % 4 == 3 else "ISO_IR 100",
        "modality": equipment.modality,
        "manufacturer": equipment.manufacturer,
        "model": equipment.model,
        "software": equipment.software,
        "station": station,
        "institution": f"Hospital {of_study.randrange(1, 6)}",
        "serial_number": str(of_study.randrange(10000, 99999)),
        "patient_name": name,
        "patient_id": f"PID{of_patient.randrange(10**7):07}",
        "birth_date": f"{birth}{of_patient.randrange(1, 13):02}{of_patient.randrange(1, 29):02}",
        "sex": of_patient.choice("FM"),
        "age": f"{year - birth:03}Y",
        "height": f"1.{of_patient.randrange(50, 99)}",
        "weight": str(of_patient.randrange(45, 120)),
        "patient_comment": of_patient.choice(["", "", "fasting", "pacemaker, see report of the ward"]),
        "referring_physician": f"{of_study.choice(_NAMES)}^Ref",
        "performing_physician": f"{of_study.choice(_NAMES)}^Perf",
        "operator": f"{of_study.choice(_NAMES)}^Op",
        "study_uid": make_uid(seed, kind, "study", study),
        "series_uid": make_uid(seed, kind, "series", number),
        "frame_of_reference_uid": make_uid(seed, kind, "frame", study),
        "procedure_step_uid": make_uid(seed, kind, "step", study),
        "study_id": str(of_study.randrange(1, 99999)),
        "study_date": f"{year}{month:02}{day:02}",
        "study_time": f"{start // 3600:02}{start // 60 % 60:02}{start % 60:02}",
        "series_time": time_text(start + 60 * (number % SERIES_OF_A_STUDY)),
        "accession_number": str(of_study.randrange(10**6, 10**8)),
        "study_description": of_study.choice(["CHEST", "ABDOMEN^ROUTINE", "HEAD^BRAIN", "SPINE L1-L5", "KNEE LEFT"]),
        "procedure_code": f"P{of_study.randrange(100, 999)}",
        "procedure_step_id": f"PPS ID {of_study.randrange(1000, 9999)}",
        "series_description": of_series.choice(["AX 2.5MM", "COR T1", "SAG T2 FS", "DWI b800", "THIN LUNG", "LOC"]),
        "series_number": str(number % SERIES_OF_A_STUDY + 1),
        "protocol": of_series.choice(["5.1 Routine", "2.3 Contrast", "9.9 Research protocol", "1.1 Local"]),
        "start_s": str(start + 60 * (number % SERIES_OF_A_STUDY)),
        "epoch_s": str(1_100_000_000 + 86_400 * of_study.randrange(7000)),
    }
    folder = f"{kind}/patient{patient:04}/study{study:04}/series{number:05}"
    return Series(folder, equipment, of_series, facts)

"""Rows that stand for nobody: trainers' tests, empty forms, shop names, codes that are not codes."""

from __future__ import annotations

from .book import Book

KEYS = {
    "tokhaiyte_domestic": "id",
    "tokhaiyte_movement": "id",
    "ncovi": "accountId",
    "bluezone_users": "userId",
    "sskdt_people": "personId",
    "sskdt_doses": "doseId",
    "qr_visits": "visitId",
    "sampling": "sampleId",
}
NAMES = [
    "TEST",
    "test 123",
    "asdfgh",
    "Nguyen Van A",
    "",
    "Khách",
    ".",
    "CÔNG TY TNHH MINH PHÁT",
    "mẫu gộp 10",
    "0912345678",
]
PHONES = ["", "0", "0900000000", "0123456789", "113", "abc"]
NUMBERS = ["", "000000000000", "123456789", "1", "không"]
CODES = ["https://qr.example.vn/p/88213", "||||", "0", "TEST|TEST", "%PDF-1.4"]


def fill(book: Book) -> None:
    """About one row in 150 of each file is nobody's."""
    rng = book.rng
    for file, key in KEYS.items():
        rows = book.rows.get(file, [])
        for number in range(len(rows) // 150):
            row = dict(rng.choice(rows))
            row[key] = f"9999{number:04d}"
            for word, words in (("fullName", NAMES), ("phone", PHONES), ("idNumber", NUMBERS), ("passport", NUMBERS)):
                if word in row:
                    row[word] = rng.choice(words)
            for word in ("address", "bhytNumber", "email", "cccd", "bhyt", "dob", "birthYear"):
                if word in row:
                    row[word] = rng.choice(["", "01/01/1900", "0"]) if word in ("dob", "birthYear") else ""
            if file == "sskdt_doses":
                row["personId"] = ""
            if file == "qr_visits":
                row["qrText"] = rng.choice(CODES)
            if file == "ncovi":
                row |= {"household": [], "declarations": []}
            rows.append(row)
            book.about(file, row[key], None)

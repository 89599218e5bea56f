"""The files, their columns, and which of those is the key."""

_COLUMNS = {
    "tokhaiyte_domestic": (
        "id createdAt otherUser fullName passport birthYear gender nation provinceId districtId wardId address "
        "phone email showCountryPassing countryPassing showSignal showSignalNote hasPatient hasFromSickCountry "
        "hasSick isLocalTransport lat long"
    ),
    "tokhaiyte_movement": (
        "id createdAt fullName birthYear gender phone passport provinceId districtId wardId address "
        "departurePlace destinationPlace transport plateOrFlight seat departureAt"
    ),
    "tokhaiyte_areas": "id level name parentId",
    "tokhaiyte_nations": "id name iso2",
    "bluezone_users": "userId registeredAt phone fullName address",
    "sskdt_people": (
        "personId registeredAt fullName dob sex phone idNumber bhytNumber occupation ethnicity nationality "
        "priorityGroup provinceCode districtCode communeCode address"
    ),
    "sskdt_doses": (
        "doseId personId fullName dob sex phone idNumber doseNumber product lotNumber injectedAt siteCode "
        "siteName reactionNote enteredAt"
    ),
    "qr_places": "placeId registeredAt name kind communeCode address registrantName registrantPhone",
    "qr_visits": "visitId placeId scannedAt leftAt via qrText cccd bhyt phone fullName",
    "sampling": (
        "sampleId tubeBarcode pooled collectedAt siteName fullName dob sex phone idNumber communeCode method "
        "result ctValue resultAt labName"
    ),
}
COLUMNS = {file: columns.split() for file, columns in _COLUMNS.items()}
"""Of the tables; the other files hold one JSON object a line."""
KEYS = {
    "tokhaiyte_domestic": "id",
    "tokhaiyte_entry": "id",
    "tokhaiyte_movement": "id",
    "tokhaiyte_areas": "id",
    "tokhaiyte_nations": "id",
    "ncovi": "accountId",
    "bluezone_users": "userId",
    "sskdt_people": "personId",
    "sskdt_doses": "doseId",
    "vneid": "id",
    "qr_places": "placeId",
    "qr_visits": "visitId",
    "sampling": "sampleId",
}

"""What docs/reference/threats.md says before and after the threats themselves (web/governance/threat_list.py)."""

HEAD = """# Threats, answers, and what we do not stop

Who might harm people through this system, what answers it, what shows that the answer holds, and what stays possible.
Names in `code type` beginning with
`test_` are tests of this repository; a test keeps this page from naming one that does not exist. Figures are in
[hardening.md](hardening.md), purposes in
[purposes.md](purposes.md), likelihood and severity in [dpia.md](dpia.md), the desk in [the inspector's
guide](../guides/inspector.md).

Trusted, in this order: the machine that holds the keys and the anchors; the owner of the database (bound by chain,
anchors and keys, see below); the web process
(it names who asks). Not trusted: the network, browsers, officers, those who hold a copy of the disk without the keys.

Written from `pccovid.web.governance.threat_list`; change it there, then run
`python -m pccovid.config.governance_pages threats > docs/reference/threats.md`."""
TAIL = """## What the desk itself reveals
* A person learns which office looked, not which officer:
  `test_the_answer_names_neither_the_inspector_nor_the_inner_reason`. In an office of one, that is the same.
* Findings by name (own name, household) may point at an officer by chance; they are questions, not verdicts, and only
  inspectors see them.
* A complaint tells inspectors the person's name and words; the office complained about is not told who complained,
  but one reading by one officer on one day may say it all."""

"""VNEID / suckhoe.dancuquocgia: identities checked against the population database, their movements and scans."""

"""Sổ sức khỏe điện tử / tiemchungcovid19: registrations for vaccination and the doses given."""

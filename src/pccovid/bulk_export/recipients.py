"""The receiving authority's key: an X.509 certificate with an RSA key, and encrypting a file to it.

CMS EnvelopedData (RFC 5652): a fresh AES-256 key, wrapped with the RSA key. Any OpenSSL opens it:
`openssl cms -decrypt -inform DER -in FILE -recip certificate.pem -inkey key.pem`.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

SMALLEST_KEY_BITS = 2048


class CertificateRefused(ValueError):
    """The certificate cannot be used; `why` is 'unreadable', 'not_rsa', 'too_small' or 'not_valid_now'."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_certificate(text: str, *, now: datetime) -> x509.Certificate:
    """The one certificate in a PEM text. Raises CertificateRefused."""
    try:
        certificate = x509.load_pem_x509_certificate(text.strip().encode())
        key = certificate.public_key()
    except ValueError as error:
        raise CertificateRefused("unreadable") from error
    if not isinstance(key, RSAPublicKey):
        raise CertificateRefused("not_rsa")
    if key.key_size < SMALLEST_KEY_BITS:
        raise CertificateRefused("too_small")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise CertificateRefused("not_valid_now")
    return certificate


def print_of(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate as people compare it: pairs of hex digits."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def encrypted_for(content: bytes, certificate: x509.Certificate) -> bytes:
    """The content as CMS EnvelopedData (DER) that only the holder of the certificate's key opens."""
    builder = PKCS7EnvelopeBuilder().set_data(content).set_content_encryption_algorithm(AES256)
    return builder.add_recipient(certificate).encrypt(Encoding.DER, [PKCS7Options.Binary])
